"""A figure over time as inline SVG, in the manner of `svg.py`: text keeps its size on any screen.

The scale need not begin at nought, and says where it does not; a target is a dashed line with its
words, which steps where it changed; a provisional figure is an open marker; a new rule or
definition parts the line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from exports.site.svg import svg_of, text_of

_TOP, _BOTTOM, _EDGE = 26, 44, 11.0  # pixels above and below; per cent kept free at each side
_TALL = 100  # pixels: a chart of less is a small one
_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
_FROM_NOUGHT = Decimal("0.4")  # a scale begins at nought if the least figure is as small a part
# of the largest figure: a scale shows no less, lest a point look a cliff
_LEAST_ROOM = Decimal("0.1")
_LETTER = 8.5  # pixels a letter of a figure takes
_NARROW = {True: 270, False: 460}  # pixels: how narrow a small and a large chart become
_LINE = 18  # pixels a line of words takes


@dataclass(frozen=True)
class TrendPoint:
    """A figure of a quarter: its label in two lines, its value (None if there is none), its words.

    `new` says what is another than of the one before, its rule or definition; `target` is what it
    should have come to, with how that reads.
    """

    label: tuple[str, str]
    value: Decimal | None
    reads: str
    provisional: bool = False
    new: str = ""
    target: Decimal | None = None
    target_reads: str = ""


@dataclass(frozen=True)
class Scale:
    """The ticks of an axis, with their words, the lowest first."""

    ticks: Sequence[tuple[Decimal, str]]

    @property
    def starts_at_nought(self) -> bool:
        """Whether a length on it stands for a figure."""
        return self.ticks[0][0] == 0

    def height(self, value: Decimal, plot: int) -> float:
        """Where a value stands, in pixels above the lowest tick."""
        low, high = self.ticks[0][0], self.ticks[-1][0]
        return float((value - low) / (high - low)) * plot


def scale_of(values: Sequence[Decimal], unit: str, at_most: int = 5) -> Scale:
    """Ticks at round figures, around all the values."""
    low, high = min(values), max(values)
    if 0 <= low <= high * _FROM_NOUGHT:
        low = Decimal(0)
    low, high = _with_room(low, high, Decimal(100) if unit == "per cent" else None)
    room = (high - low) or Decimal(1)
    finest = Decimal(1) if all(one == one.to_integral_value() for one in values) else Decimal(0)
    for step in _round_steps(max(room / at_most, finest)):
        first, last = (low / step).__floor__(), -((-high / step).__floor__())
        last = max(last, first + 1)
        if last - first <= at_most:
            return Scale([(step * n, _tick(step * n, unit)) for n in range(first, last + 1)])
    raise AssertionError("a larger step always fits")


def _with_room(low: Decimal, high: Decimal, most: Decimal | None) -> tuple[Decimal, Decimal]:
    """The ends of a scale that is no narrower than a tenth of its largest figure, and does not
    pass nought or `most` where no figure does."""
    lacking = _LEAST_ROOM * max(abs(low), abs(high)) - (high - low)
    if lacking <= 0:
        return low, high
    below, above = low - lacking / 2, high + lacking / 2
    return (
        max(below, Decimal(0)) if low >= 0 else below,
        min(above, most) if most is not None and high <= most else above,
    )


def _round_steps(least: Decimal) -> list[Decimal]:
    power = Decimal(1).scaleb(least.adjusted())
    return [
        step * power * tens for tens in (1, 10) for step in _STEPS if step * power * tens >= least
    ]


def _tick(value: Decimal, unit: str) -> str:
    """A tick in few letters: `£10m`, `60%`, `1,500`."""
    text = f"{value:f}"
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if abs(value) >= 10 * size or (abs(value) >= size and not value % (size // 10)):
            text = f"{value / size:,.1f}".removesuffix(".0") + letter
            break
    else:
        text = f"{value.normalize():f}"
    before, after = ("£" if unit.startswith("GBP") else ""), ("%" if unit == "per cent" else "")
    return f"-{before}{text[1:]}{after}" if text.startswith("-") else f"{before}{text}{after}"


def trend(
    name: str,
    title: str,
    points: Sequence[TrendPoint],
    scale: Scale,
    plot: int = 190,
) -> str:
    """The line of one figure beside its targets."""
    base = _TOP + plot
    xs = [_EDGE + (100 - 1.6 * _EDGE) * at / max(len(points) - 1, 1) for at in range(len(points))]
    ys = [None if p.value is None else base - scale.height(p.value, plot) for p in points]
    parts = []
    for tick, words in scale.ticks:
        y = base - scale.height(tick, plot)
        parts.append(f'<line class="grid" x1="0" y1="{y:.1f}" x2="100%" y2="{y:.1f}"/>')
        parts.append(text_of("0", round(y - 4, 1), words, "start", "tick"))
    said_at, said_last = _place_of_last(xs, ys, points, plot)
    parts += _aims(points, xs, scale, base, (said_at, said_last))
    for at in range(1, len(points)):
        here, there = ys[at], ys[at - 1]
        if points[at].new:
            x = (xs[at] + xs[at - 1]) / 2
            parts.append(f'<line class="cut" x1="{x:.2f}%" y1="{_TOP}" x2="{x:.2f}%" y2="{base}"/>')
            parts.append(text_of(f"{x:.2f}%", _TOP - 8, f"new {points[at].new}", "middle", "tick"))
        elif here is not None and there is not None:
            parts.append(
                f'<line class="line" x1="{xs[at - 1]:.2f}%" y1="{there:.1f}"'
                f' x2="{xs[at]:.2f}%" y2="{here:.1f}"/>'
            )
    for x, y_at, point in zip(xs, ys, points, strict=True):
        parts.append(text_of(f"{x:.2f}%", base + 19, point.label[0], "middle", "tick"))
        if point.label[1]:
            parts.append(text_of(f"{x:.2f}%", base + 36, point.label[1], "middle", "tick"))
        if y_at is not None:
            kind = "marker open" if point.provisional else "marker"
            parts.append(f'<circle class="{kind}" cx="{x:.2f}%" cy="{y_at:.1f}" r="5"/>')
    if said_last:
        parts.append(text_of("100%", round(said_at, 1), said_last, "end", "value"))
    return svg_of(name, title, f"Line chart. {said(points)}", base + _BOTTOM, parts)


def _place_of_last(
    xs: Sequence[float], ys: Sequence[float | None], points: Sequence[TrendPoint], plot: int
) -> tuple[float, str]:
    """How high the newest figure's words stand, and the words: above all of the line that they
    would cover. ('', at no height, if there is no figure.)"""
    known = [(x, y, p.reads) for x, y, p in zip(xs, ys, points, strict=True) if y is not None]
    if not known:
        return 0.0, ""
    *_, reads = known[-1]
    covered = 100 * (1 - len(reads) * _LETTER / _NARROW[plot < _TALL])
    heights = [y for x, y, _ in known if x >= covered or x == known[-1][0]]
    for (x, y, _), (next_x, next_y, _) in pairwise(known):
        if x < covered < next_x:
            heights.append(y + (next_y - y) * (covered - x) / (next_x - x))
    return max(min(heights) - 12, 12), reads


def _aims(
    points: Sequence[TrendPoint],
    xs: Sequence[float],
    scale: Scale,
    base: int,
    newest: tuple[float, str],
) -> Iterator[str]:
    """The targets as a line that steps half way between two quarters; each says what it is.

    `newest` are the words of the newest figure and where they stand: the last target's cover none.
    """
    plot, at = base - _TOP, 0
    for aim, run in groupby(points, key=lambda one: (one.target, one.target_reads)):
        first, at = at, at + len(list(run))
        start = (xs[first - 1] + xs[first]) / 2 if first else 0.0
        end = (xs[at - 1] + xs[at]) / 2 if at < len(points) else 100.0
        if aim[0] is None:
            continue
        y = base - scale.height(aim[0], plot)
        yield f'<line class="aim" x1="{start:.2f}%" y1="{y:.1f}" x2="{end:.2f}%" y2="{y:.1f}"/>'
        if first and (before := points[first - 1].target) is not None:
            riser = base - scale.height(before, plot)
            yield (
                f'<line class="aim" x1="{start:.2f}%" y1="{riser:.1f}"'
                f' x2="{start:.2f}%" y2="{y:.1f}"/>'
            )
        is_last, (said_at, said) = at == len(points), newest
        below = is_last and said and abs(y - 5 - said_at) < _LINE
        y_words = max(y + 16, said_at + _LINE) if below else y - 5
        yield text_of(f"{end:.2f}%", round(y_words, 1), f"target {aim[1]}", "end", "aim-label")


def said(points: Sequence[TrendPoint]) -> str:
    """Everything that the chart shows, in words; a target that is not that of all at each."""
    aims = {point.target_reads for point in points}
    words = [
        f"{' '.join(filter(None, point.label))}, {point.reads}"
        f"{' (provisional)' if point.provisional else ''}"
        f"{f' (by a new {point.new})' if point.new else ''}"
        f"{f' (target {point.target_reads})' if point.target_reads and len(aims) > 1 else ''}"
        for point in points
    ]
    target = aims.pop() if len(aims) == 1 else ""
    return f"{'; '.join(words)}.{f' Target: {target}.' if target else ''}"


def spark(points: Sequence[Decimal | None], target: Decimal | None) -> str:
    """A small line without words, for beside a figure that says the same; hidden from readers."""
    values = [one for one in (*points, target) if one is not None]
    low, high = min(values), max(values)
    whole, height = (high - low) or Decimal(1), 44
    xs = [3 + 92 * at / max(len(points) - 1, 1) for at in range(len(points))]
    ys = [None if v is None else 38 - float((v - low) / whole) * 30 for v in points]
    parts = []
    if target is not None:
        y = 38 - float((target - low) / whole) * 30
        parts.append(f'<line class="aim" x1="0" y1="{y:.1f}" x2="100%" y2="{y:.1f}"/>')
    parts += [
        f'<line class="line" x1="{xs[at - 1]:.1f}%" y1="{ys[at - 1]:.1f}"'
        f' x2="{xs[at]:.1f}%" y2="{ys[at]:.1f}"/>'
        for at in range(1, len(points))
        if ys[at] is not None and ys[at - 1] is not None
    ]
    if ys and ys[-1] is not None:
        parts.append(f'<circle class="marker" cx="{xs[-1]:.1f}%" cy="{ys[-1]:.1f}" r="5"/>')
    return (
        f'<svg class="chart spark" aria-hidden="true" width="100%" height="{height}"'
        f' xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )
