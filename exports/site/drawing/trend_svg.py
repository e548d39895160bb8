"""A figure over time as inline SVG, in the manner of `svg.py`: text keeps its size on any screen.

The scale need not begin at nought, and says where it does not; a target is a dashed line with its
words, which steps where it changed; a provisional figure is an open marker; a new rule or
definition parts the line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from exports.site.drawing.label_places import Box, Drawn, Line, Place, width_of
from exports.site.drawing.scale import Scale
from exports.site.drawing.svg import svg_of, text_of
from exports.site.drawing.target_runs import target_runs

_TOP, _BOTTOM, _EDGE = 26, 44, 11.0  # pixels above and below; per cent kept free at each side
_TALL = 100  # pixels: a chart of less is a small one
_NO_COURSE = 2  # points: so few tell no course
_VALUE, _AIM, _TICK = 15.0, 14.0, 13.0  # pixels: the size of a figure's words, a target's, a tick's
_NARROW = {True: 270, False: 350}  # pixels: how narrow a small and a large chart become
_STEP, _NEARER = 6, 0.4  # pixels from place to place, and what each is worth against a line covered
_ASIDE, _LEVEL = 12, 5  # pixels to the side of a mark, and how much lower words are level with it


@dataclass(frozen=True)
class TrendPoint:
    """A figure of a quarter: its label in two lines, its value (None if there is none), its words.

    `new` says what is another than of the one before, its rule or definition; `target` is what it
    should have come to, with how that reads; `most` what it may yet come to, where more is claimed
    than is checked, and how that reads.
    """

    label: tuple[str, str]
    value: Decimal | None
    reads: str
    provisional: bool = False
    new: str = ""
    target: Decimal | None = None
    target_reads: str = ""
    most: Decimal | None = None
    claimed: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may yet change."""
        return self.provisional or self.most is not None


def trend(
    name: str,
    title: str,
    points: Sequence[TrendPoint],
    scale: Scale,
    plot: int = 190,
) -> str:
    """The line of one figure beside its targets. Two points are not joined: they are no course."""
    base, width = _TOP + plot, _NARROW[plot < _TALL]
    xs = [_EDGE + (100 - 1.6 * _EDGE) * at / max(len(points) - 1, 1) for at in range(len(points))]
    ys = [None if p.value is None else base - scale.height(p.value, plot) for p in points]
    known = [at for at, y in enumerate(ys) if y is not None]
    drawn = Drawn()
    parts = []
    for tick, words in scale.ticks:
        y = base - scale.height(tick, plot)
        parts.append(f'<line class="grid" x1="0" y1="{y:.1f}" x2="100%" y2="{y:.1f}"/>')
        parts.append(text_of("0", round(y - 4, 1), words, "start", "tick"))
        drawn.boxes.append(Box(0, y - 15, width_of(words, _TICK), y - 2))
        drawn.faint.append((0.0, y, float(width), y))
    aims = [(one.target, one.target_reads) for one in points]
    runs = list(target_runs(aims, [y is not None for y in ys], xs, scale, base, plot))
    for run in runs:
        parts += [_line("aim", *one) for one in run.lines]
        drawn.lines += [_in_pixels(one, width) for one in run.lines]
    joined = list(_joined(points, xs, ys)) if len(known) > _NO_COURSE else []
    parts += [_line("line", *one) for one in joined]
    drawn.lines += [_in_pixels(one, width) for one in joined]
    parts += _cuts(points, xs, base)
    for x, y_at, point in zip(xs, ys, points, strict=True):
        parts += _label(x, base, point)
        if y_at is not None:
            if point.most is not None:
                upright = (x, base - scale.height(point.most, plot), x, y_at)
                parts.append(_line("claim", *upright))
                drawn.lines.append(_in_pixels(upright, width))
            kind = "marker open" if point.is_open else "marker"
            parts.append(f'<circle class="{kind}" cx="{x:.2f}%" cy="{y_at:.1f}" r="5"/>')
            at_x = x * width / 100
            drawn.boxes.append(Box(at_x - 7, y_at - 7, at_x + 7, y_at + 7))
    for at in known if len(known) == _NO_COURSE else known[-1:]:
        letters = width_of(points[at].reads, _VALUE)
        room = min((100 - xs[at]) * width / 100, letters / 2)
        said_at = drawn.best(list(_beside(xs[at], ys[at] or 0.0, base, room)), letters, width)
        parts.append(_text(said_at, points[at].reads, "value"))
    for run in runs:
        words = f"target {run.reads}"
        parts.append(
            _text(drawn.best(run.places, width_of(words, _AIM), width), words, "aim-label")
        )
    return svg_of(name, title, f"Line chart. {said(points)}", base + _BOTTOM, parts)


def _joined(
    points: Sequence[TrendPoint], xs: Sequence[float], ys: Sequence[float | None]
) -> Iterator[Line]:
    """The line from figure to figure, which no new rule or definition parts, nor a figure that is
    checked in part."""
    for at, (y, to_y) in enumerate(pairwise(ys)):
        if any(one.most is not None for one in points[at : at + 2]):
            continue  # checked in part: no fall, and no rise
        if y is not None and to_y is not None and not points[at + 1].new:
            yield xs[at], y, xs[at + 1], to_y


def _cuts(points: Sequence[TrendPoint], xs: Sequence[float], base: int) -> Iterator[str]:
    """What parts the line."""
    for at, point in enumerate(points[1:], start=1):
        if point.new:
            x = (xs[at] + xs[at - 1]) / 2
            yield _line("cut", x, _TOP, x, base)
            yield text_of(f"{x:.2f}%", _TOP - 8, f"new {point.new}", "middle", "tick")


def _label(x: float, base: int, point: TrendPoint) -> Iterator[str]:
    """The quarter below the axis, and the year below it."""
    for words, below in zip(point.label, (19, 36), strict=True):
        if words:
            yield text_of(f"{x:.2f}%", base + below, words, "middle", "tick")


def _line(kind: str, x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line class="{kind}" x1="{x:.2f}%" y1="{y:.1f}" x2="{to_x:.2f}%" y2="{to_y:.1f}"/>'


def _text(at: Place, words: str, kind: str) -> str:
    return text_of(f"{at.x:.2f}%", round(at.y, 1), words, at.anchor, kind, at.dx)


def _in_pixels(line: Line, width: float) -> Line:
    return line[0] * width / 100, line[1], line[2] * width / 100, line[3]


def _beside(x: float, y: float, base: int, room: float) -> Iterator[Place]:
    """Where the words of a figure may stand: above or below its mark, the nearer the better, with
    no more than so much room to the right of it; or beside it."""
    for away in range(0, 10 * _STEP, _STEP):
        for place in (max(y - 12 - away, 12), min(y + 22 + away, base - 5)):
            yield Place(x, place, "end", round(room, 1), abs(place - y) * _NEARER)
    for anchor, dx in (("start", _ASIDE), ("end", -_ASIDE)):
        yield Place(x, y + _LEVEL, anchor, dx, 2 * _STEP * _NEARER + _STEP)


def said(points: Sequence[TrendPoint]) -> str:
    """Everything that the chart shows, in words; a target that is not that of all at each."""
    aims = {point.target_reads for point in points}
    words = [
        f"{' '.join(filter(None, point.label))}, {point.reads}"
        f"{' (provisional)' if point.provisional else ''}"
        f"{f' (of {point.claimed} claimed)' if point.claimed else ''}"
        f"{f' (by a new {point.new})' if point.new else ''}"
        f"{f' (target {point.target_reads})' if point.target_reads and len(aims) > 1 else ''}"
        for point in points
    ]
    target = aims.pop() if len(aims) == 1 else ""
    return f"{'; '.join(words)}.{f' Target: {target}.' if target else ''}"


def spark(points: Sequence[Decimal | None], targets: Sequence[Decimal | None]) -> str:
    """A small line without words, for beside a figure that says the same; hidden from readers."""
    values = [one for one in (*points, *targets) if one is not None]
    low, high = min(values), max(values)
    whole, height = (high - low) or Decimal(1), 44
    xs = [3 + 92 * at / max(len(points) - 1, 1) for at in range(len(points))]
    ys = [None if v is None else 38 - float((v - low) / whole) * 30 for v in points]
    scale = Scale([(low, ""), (low + whole, "")])
    aims = [(one, "") for one in targets]
    runs = target_runs(aims, [y is not None for y in ys], xs, scale, 38, 30)
    parts = [_line("aim", *line) for run in runs for line in run.lines]
    bare = [TrendPoint(("", ""), None, "") for _ in ys]
    parts += [_line("line", *one) for one in _joined(bare, xs, ys)]
    if ys and ys[-1] is not None:
        parts.append(f'<circle class="marker" cx="{xs[-1]:.1f}%" cy="{ys[-1]:.1f}" r="5"/>')
    return (
        f'<svg class="chart spark" aria-hidden="true" width="100%" height="{height}"'
        f' xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )
