"""Charts as inline SVG: sized in per cent and pixels, so that text keeps its size on any screen.

Each has a title and a description that says every figure in it, and no colour carries a message:
bars have their labels and values written on them. What is drawn is safe to put in a page: its
texts are escaped.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import escape

_LABEL, _GAP, _BAR = 18, 14, 18  # heights in pixels: a line of label, space, a bar
_LETTERS = 34  # of a label, on one line at the narrowest


@dataclass(frozen=True)
class Point:
    """A figure in a chart: what it is of, its value (None if there is none), how it reads."""

    label: str
    value: Decimal | None
    reads: str


def bars(name: str, title: str, points: Sequence[Point], most: Decimal | None = None) -> str:
    """A bar under each label; `name` is unique on the page.

    The longest bar is as wide as the chart, unless `most` says what the whole width stands for.
    """
    values = [point.value for point in points if point.value is not None]
    least, most = min([Decimal(0), *values]), max([most or Decimal(0), *values])
    zero, whole = -least, (most - least) or Decimal(1)
    parts: list[str] = []
    y = 0.0
    for point in points:
        label = textwrap.wrap(point.label, _LETTERS) or [""]
        for number, line in enumerate(label):
            parts.append(text_of("0", y + 14 + number * _LABEL, line, "start", "label"))
        parts.append(text_of("100%", y + 14, point.reads, "end", "value"))
        y += len(label) * _LABEL + 2
        parts.append(f'<rect class="track" x="0" y="{y}" width="100%" height="{_BAR}"/>')
        if point.value:
            start = zero + min(point.value, Decimal(0))
            at, width = _percent(start / whole), _percent(abs(point.value) / whole)
            kind = "bar" if point.value > 0 else "bar minus"
            parts.append(f'<rect class="{kind}" x="{at}" y="{y}" width="{width}" height="{_BAR}"/>')
        y += _BAR + _GAP
    description = "; ".join(f"{point.label}: {point.reads}" for point in points)
    return svg_of(name, title, f"Bar chart. {description}.", max(y - _GAP, _BAR), parts)


def _percent(part: Decimal) -> str:
    return f"{part * 100:.2f}%"


def text_of(x: str, y: float, text: str, anchor: str, kind: str, dx: float = 0) -> str:
    """A line of text at that place, or so many pixels to the right of it."""
    moved = f' dx="{dx:g}"' if dx else ""
    return (
        f'<text class="{kind}" x="{x}"{moved} y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def svg_of(name: str, title: str, description: str, height: float, parts: Sequence[str]) -> str:
    """The picture with its title and description; `name` is unique on the page."""
    return (
        f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc"'
        f' width="100%" height="{height:g}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
