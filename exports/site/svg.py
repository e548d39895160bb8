"""Charts as inline SVG: sized in per cent and pixels, so that text keeps its size on any screen.

Each has a title and a description that says every figure in it, and no colour carries a message:
bars have their labels and values written on them, lines their own marker and dashes. What is
drawn is safe to put in a page: its texts are escaped.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import escape

_LABEL, _GAP, _BAR = 18, 14, 18  # heights in pixels: a line of label, space, a bar
_LETTERS = 34  # of a label, on one line at the narrowest
_PLOT, _TOP, _BOTTOM = 170, 34, 44
_EDGE = 9.0  # per cent kept free at each side of a line chart
MARKERS = ("circle", "square", "diamond", "triangle")
_DASHES = ("none", "8 4", "2 4", "12 4 2 4")


@dataclass(frozen=True)
class Point:
    """A figure in a chart: what it is of, its value (None if there is none), how it reads."""

    label: str
    value: Decimal | None
    reads: str


@dataclass(frozen=True)
class Series:
    """The points of one line."""

    name: str
    points: Sequence[Point]


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
            parts.append(_text("0", y + 14 + number * _LABEL, line, "start", "label"))
        parts.append(_text("100%", y + 14, point.reads, "end", "value"))
        y += len(label) * _LABEL + 2
        parts.append(f'<rect class="track" x="0" y="{y}" width="100%" height="{_BAR}"/>')
        if point.value:
            start = zero + min(point.value, Decimal(0))
            at, width = _percent(start / whole), _percent(abs(point.value) / whole)
            kind = "bar" if point.value > 0 else "bar minus"
            parts.append(f'<rect class="{kind}" x="{at}" y="{y}" width="{width}" height="{_BAR}"/>')
        y += _BAR + _GAP
    description = "; ".join(f"{point.label}: {point.reads}" for point in points)
    return _svg(name, title, f"Bar chart. {description}.", max(y - _GAP, _BAR), parts)


def lines(name: str, title: str, series: Sequence[Series]) -> str:
    """A line a series over the same labels, in their order."""
    values = [p.value for one in series for p in one.points if p.value is not None]
    least, most = min([Decimal(0), *values]), max([Decimal(0), *values])
    whole = (most - least) or Decimal(1)
    labels = [point.label for point in series[0].points]
    xs = [_place(at, len(labels)) for at in range(len(labels))]
    base = _TOP + _PLOT
    parts = [f'<line class="axis" x1="0" y1="{base}" x2="100%" y2="{base}"/>']
    for x, label in zip(xs, labels, strict=True):
        for at, word in enumerate(textwrap.wrap(label, 8)[:2]):
            parts.append(_text(x, base + 20 + at * 16, word, "middle", "label"))
    for number, one in enumerate(series):
        ys = [
            None if p.value is None else round(base - float((p.value - least) / whole) * _PLOT, 1)
            for p in one.points
        ]
        parts += _line(number, xs, ys)
        for x, y, point in zip(xs, ys, one.points, strict=True):
            if y is not None:
                parts += _marker(number, x, y)
                if len(series) == 1:
                    parts.append(_text(x, y - 12, point.reads, "middle", "value"))
    height = base + _BOTTOM
    if len(series) > 1:
        for number, one in enumerate(series):
            parts += _marker(number, "2%", height + 6)
            parts.append(_text("5%", height + 11, one.name, "start", "label"))
            height += 22
    description = " ".join(
        f"{one.name}: {'; '.join(f'{p.label}, {p.reads}' for p in one.points)}." for one in series
    )
    return _svg(name, title, f"Line chart. {description}", height, parts)


def _line(number: int, xs: Sequence[str], ys: Sequence[float | None]) -> list[str]:
    """The line's pieces; it breaks where there is no figure."""
    dash = _DASHES[number % len(_DASHES)]
    return [
        f'<line class="line" stroke-dasharray="{dash}" x1="{xs[at]}" y1="{ys[at]}"'
        f' x2="{xs[at + 1]}" y2="{ys[at + 1]}"/>'
        for at in range(len(xs) - 1)
        if ys[at] is not None and ys[at + 1] is not None
    ]


def _marker(number: int, x: str, y: float) -> list[str]:
    """A marker at x (in per cent) and y; an svg of its own, since a path knows no per cent."""
    kind = MARKERS[number % len(MARKERS)]
    shape = {
        "circle": '<circle r="5"/>',
        "square": '<rect x="-5" y="-5" width="10" height="10"/>',
        "diamond": '<path d="M0-7L7 0L0 7L-7 0Z"/>',
        "triangle": '<path d="M0-6L6 5L-6 5Z"/>',
    }[kind]
    return [f'<svg class="marker" x="{x}" y="{y}" overflow="visible">{shape}</svg>']


def _place(at: int, count: int) -> str:
    if count == 1:
        return "50%"
    return f"{_EDGE + (100 - 2 * _EDGE) * at / (count - 1):.2f}%"


def _percent(part: Decimal) -> str:
    return f"{part * 100:.2f}%"


def _text(x: str, y: float, text: str, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(name: str, title: str, description: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc"'
        f' width="100%" height="{height:g}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
