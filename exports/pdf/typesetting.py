"""Typst's words for what a publication is made of, and the PDF of them.

Every text goes in as a string, so nothing in it is markup. The fonts are those that Typst brings,
and the moment is the release's own: equal words give equal bytes on any machine.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from exports.narrative.rendered import Piece

_WHOLE, _HALF = 480, 320  # pixels that a chart is drawn over: its own widths are in per cent
_CHART = re.compile(r'^<svg class="chart"[^>]*? height="([\d.]+)"[^>]*>(.*)</svg>$', re.DOTALL)
_TITLE = re.compile(r"<(title|desc) id=[^>]*>([^<]*)</\1>")
# The colours of the pages' style sheet by day: a picture in a PDF knows no style sheet but its own.
_STYLE = """<style>
text { font-family: "Libertinus Serif"; font-size: 16px; fill: #17242d; }
.value, .aim-label { font-weight: bold; }
.tick { font-size: 14px; fill: #4a5963; }
.aim-label { font-size: 14px; fill: #8f2d14; }
.track { fill: #e6edef; }
.bar { fill: #00505c; }
.minus { fill: #8f2d14; }
.past { fill: #b4c0c6; }
.claimed { fill: #a9cdd0; }
.grid { stroke: #cfd8dc; stroke-width: 1; }
.aim { stroke: #8f2d14; stroke-width: 2; stroke-dasharray: 7 5; }
.cut { stroke: #4a5963; stroke-width: 1; stroke-dasharray: 2 3; }
.line { stroke: #00505c; stroke-width: 3; fill: none; }
.marker { fill: #00505c; stroke: #00505c; stroke-width: 2.5; }
.open { fill: #ffffff; }
</style>"""
_PREAMBLE = """
#set page(paper: "a4", margin: (x: 22mm, y: 20mm), numbering: "1")
#set text(font: "Libertinus Serif", size: 11pt, fill: rgb("#17242d"), hyphenate: false)
#set text(costs: (widow: 300%, orphan: 300%))
#set par(leading: .62em, spacing: .9em)
#show heading: set text(fill: rgb("#00505c"))
#show heading: set block(above: 1.6em, below: .8em)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): set text(size: 14pt)
#set table(stroke: (x: none, y: .5pt + rgb("#cfd8dc")), inset: (x: 4pt, y: 5pt))
"""


def typeset(title: str, author: str, moment: datetime, body: Sequence[str]) -> bytes:
    """The PDF of the body's lines, which says that it was made at the moment."""
    import typst

    day = f"datetime(year: {moment.year}, month: {moment.month}, day: {moment.day})"
    head = f"#set document(title: {string(title)}, author: {string(author)}, date: {day})"
    language = '#set text(lang: "en", region: "gb")'
    source = "\n".join([head, language, _PREAMBLE, *body])
    return typst.compile(
        source.encode(), format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True
    )


def string(text: str) -> str:
    """A text as a string of Typst's."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def said(text: str) -> str:
    """A text, as a line of the body."""
    return f"#{string(text)}"


def sentence(pieces: Sequence[Piece]) -> str:
    """A sentence with its figures in bold."""
    return "".join(
        f"#strong({string(one.text)})" if one.is_figure else f"#{string(one.text)}"
        for one in pieces
        if one.text
    )


def heading(level: int, text: str) -> str:
    """A heading, which the contents list."""
    return f"#heading(level: {level}, {string(text)})"


def paragraph(content: str) -> str:
    """A paragraph of content that is typeset already."""
    return f"#par[{content}]"


def lead_in(text: str) -> str:
    """A paragraph that stays with what follows it, as its heading does."""
    return f"#block(sticky: true, {string(text)})"


def points(contents: Sequence[str]) -> str:
    """A list of what is typeset already."""
    return f"#list({', '.join(f'[{one}]' for one in contents)})" if contents else ""


def quotation(text: str) -> str:
    """A story's own words."""
    return f"#quote(block: true, text(size: 13pt, {string(text)}))"


def grid(widths: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with a header, of texts."""
    head = ", ".join(f"strong({string(one)})" for one in headers)
    cells = ", ".join(string(text) for row in rows for text in row)
    return f"#table(columns: {widths}, table.header({head}), {cells})"


def picture(svg: str, title: str) -> str:
    """A chart under its title; what it says in words is its alternative text."""
    label = f'text(weight: "bold", {string(title)})' if title else '""'
    return f"#block(breakable: false, below: 1.4em)[#{label} #{_image(svg, _WHOLE, '66%')}]"


def pair(pictures: Sequence[tuple[str, str, str]]) -> str:
    """Small charts in two columns, each of title, chart and what is said below it."""
    cells = [
        f'block(breakable: false)[#text(weight: "bold", {string(title)})'
        f" #{_image(svg, _HALF, '100%')} #text(size: 9.5pt, {string(below)})]"
        for title, svg, below in pictures
    ]
    return f"#grid(columns: (1fr, 1fr), column-gutter: 10mm, row-gutter: 6mm, {', '.join(cells)})"


def _image(svg: str, width: int, part: str) -> str:
    found = _CHART.match(svg)
    if found is None:
        raise ValueError("The chart is not one that the pages draw.")
    height = float(found[1])
    words = _unescaped(" ".join(text for _, text in _TITLE.findall(svg)))
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height + 12:g}"'
        f' viewBox="-6 -4 {width + 12} {height + 12:g}">{_STYLE}'
        f'<svg x="0" y="0" width="{width}" height="{height:g}" overflow="visible">'
        f"{_TITLE.sub('', found[2])}</svg></svg>"
    )
    return f'image(bytes({string(drawn)}), format: "svg", alt: {string(words)}, width: {part})'


def _unescaped(text: str) -> str:
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'")):
        text = text.replace(entity, letter)
    return text.replace("&amp;", "&")
