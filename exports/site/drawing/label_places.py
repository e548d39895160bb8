"""Where a label of a chart stands: near what it names, and over as little as can be.

All is reckoned in pixels of the narrowest that the chart becomes: where it is wider a label takes
less of its width, and covers no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot

Line = tuple[float, float, float, float]  # x and y of its ends
_UP, _DOWN = 13, 4  # pixels that letters take above and below the line that they stand on
_FAINT = 0.1  # so much of a grid's line counts: words stand on it, where nothing else is free
_OF_A_LABEL = 3.0  # so much worse it is to cover words than to cover as much of a line


# What a sign takes of its size, in the widest of the fonts that readers have.
_SIGNS = {
    **dict.fromkeys(".,ijl", 0.36),
    **dict.fromkeys(" -frt", 0.46),
    **dict.fromkeys("ckszvxyeaJL", 0.63),
    **dict.fromkeys("mwMW%", 1.02),
}
_SIGN = 0.7


def width_of(words: str, size: float) -> float:
    """How many pixels words of that size take."""
    return size * sum(_SIGNS.get(one, _SIGN) for one in words)


@dataclass(frozen=True)
class Box:
    """What something covers."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Place:
    """A place for a label: its anchor in per cent with a distance in pixels, how it is set there,
    the line that it stands on, and how far that is from what it names."""

    x: float
    y: float
    anchor: str = "end"
    dx: float = 0.0
    away: float = 0.0

    def box(self, letters: float, width: float) -> Box:
        """What words of so many pixels cover there, in a chart of that width."""
        at = self.x * width / 100 + self.dx
        left = at - {"start": 0.0, "middle": letters / 2, "end": letters}[self.anchor]
        return Box(left, self.y - _UP, left + letters, self.y + _DOWN)


@dataclass
class Drawn:
    """What is drawn already: lines, marks and words; `faint` are those of the grid."""

    lines: list[Line] = field(default_factory=list)
    faint: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def best(self, places: Sequence[Place], letters: float, width: float) -> Place:
        """The place that covers least; of equal ones the first. What stands there is drawn then."""
        chosen = min(places, key=lambda one: self._cost(one, one.box(letters, width), width))
        self.boxes.append(chosen.box(letters, width))
        return chosen

    def _cost(self, place: Place, box: Box, width: float) -> float:
        lines = sum(_within(line, box) for line in self.lines)
        lines += _FAINT * sum(_within(line, box) for line in self.faint)
        words = sum(_shared(one, box) for one in self.boxes)
        outside = max(0.0, -box.left) + max(0.0, box.right - width)
        return lines + _OF_A_LABEL * (words + outside) + place.away


def _shared(one: Box, other: Box) -> float:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across + down if across > 0 and down > 0 else 0.0


def _within(line: Line, box: Box) -> float:
    """How much of a line lies in the box (the parts cut off as by Liang and Barsky)."""
    x, y, to_x, to_y = line
    start, end = 0.0, 1.0
    for step, room in (
        (x - to_x, x - box.left),
        (to_x - x, box.right - x),
        (y - to_y, y - box.top),
        (to_y - y, box.bottom - y),
    ):
        if step == 0:
            if room < 0:
                return 0.0
        elif step < 0:
            start = max(start, room / step)
        else:
            end = min(end, room / step)
    return max(0.0, end - start) * hypot(to_x - x, to_y - y)
