"""The targets of a chart over time: dashed lines that step where the target changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from exports.site.drawing.label_places import Line, Place
from exports.site.drawing.scale import Scale

_CLEAR = 8  # pixels between words and a line that rises beside them
_FARTHER = 14  # pixels from place to place, where none beside the line is free
_BESIDE = 5  # pixels: so much lower words stand that are level with a line

Aim = tuple[Decimal | None, str]


@dataclass(frozen=True)
class TargetRun:
    """A target through the quarters in which it holds: how it reads, its lines, and where its words
    may stand: above it or below, at its end, its start or between, or before it begins."""

    reads: str
    lines: Sequence[Line]
    places: Sequence[Place]


def target_runs(
    aims: Sequence[Aim],
    known: Sequence[bool],
    xs: Sequence[float],
    scale: Scale,
    base: int,
    plot: int,
) -> Iterator[TargetRun]:
    """The targets, each to half way between two quarters; `known` are those that have a figure.

    A quarter without a figure parts no target that holds before it and after.
    """
    aims = _bridged(aims, known)
    at = 0
    for aim, run in groupby(aims):
        first, at = at, at + len(list(run))
        start = (xs[first - 1] + xs[first]) / 2 if first else 0.0
        end = (xs[at - 1] + xs[at]) / 2 if at < len(aims) else 100.0
        if aim[0] is None:
            continue
        y = base - scale.height(aim[0], plot)
        lines = [(start, y, end, y)]
        if first and (before := aims[first - 1][0]) is not None:
            lines.append((start, base - scale.height(before, plot), start, y))
        from_end = 0 if at == len(aims) else -_CLEAR
        ends = [(end, "end", from_end), (start or xs[first], "start", _CLEAR if start else 0)]
        ends += [(x, "middle", 0) for x in xs[first:at]]
        ends += [((x + to_x) / 2, "middle", 0) for x, to_x in pairwise(xs[first:at])]
        places = [
            Place(x, y + by, anchor, dx, abs(by) - 6)
            for by in (-6, 17, -6 - _FARTHER, 17 + _FARTHER, -6 - 2 * _FARTHER)
            for x, anchor, dx in ends
            if y + by > 0 and (by < 0 or y + by < base)  # below it the quarters stand
        ]
        if start and len(lines) == 1:
            places.append(Place(start, y + _BESIDE, "end", -_CLEAR, _FARTHER))
        yield TargetRun(_brief(aim[1]), lines, places)


def _brief(reads: str) -> str:
    """The number alone where a unit follows it, which the figure beside it says."""
    return reads.split(" ")[0] if reads[:1].isdigit() else reads


def _bridged(aims: Sequence[Aim], known: Sequence[bool]) -> list[Aim]:
    """With the target of before and after in quarters between that have no figure."""
    found = list(aims)
    for at in range(1, len(found)):
        following = next(
            (a for a in range(at, len(aims)) if known[a] or aims[a][0] is not None), at
        )
        if found[at][0] is None and not known[at] and found[at - 1] == aims[following]:
            found[at] = found[at - 1]
    return found
