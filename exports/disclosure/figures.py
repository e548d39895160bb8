"""What disclosure control reckons with: figures, how they hang together, what is told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

FigureKey = tuple[str, ...]


class Interval(NamedTuple):
    """The least and the most that a figure can be."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the value lies in it."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Figure:
    """A figure about people: `value` is the truth.

    `told` is what publishing it would tell; None if it is not for publishing (a total that no table
    shows, say). `weight` is what readers lose when it is hidden. A `whole` one counts people, and
    is an integer; full-time equivalents and money are not.
    """

    key: FigureKey
    value: float
    interval: Interval | None = None
    weight: float = 1
    whole: bool = False


@dataclass(frozen=True)
class Sum:
    """`total` is the sum of the `parts`."""

    total: FigureKey
    parts: tuple[FigureKey, ...]


@dataclass(frozen=True)
class Share:
    """A percentage that was published of true counts: 100 times numerator / denominator.

    It lies within `percent`; `slack` is how many people the numerator may lie beyond each end of
    it: less than none where the end itself would have been rounded to another percentage.
    It is shown only while both its parts are. `boxes` are what it and its rounded parts tell
    together of numerator and denominator. A `fixed` one is published whatever comes of it.
    """

    key: FigureKey
    numerator: FigureKey
    denominator: FigureKey
    percent: Interval
    boxes: tuple[Interval, Interval]
    slack: tuple[float, float] = (0.0, 0.0)
    fixed: bool = False
    weight: float = 1


@dataclass(frozen=True)
class PublishedBound:
    """What something already published tells of a figure."""

    key: FigureKey
    interval: Interval


@dataclass(frozen=True)
class Move:
    """`after` is `before` plus `by`: a colleague knows who came to a small group, or left it."""

    before: FigureKey
    after: FigureKey
    by: float


@dataclass(frozen=True)
class Need:
    """What must stay possible for an attacker: that the figure is `low`, and that it is `high`.

    Of a whole figure every integer from the one to the other must stay possible.
    """

    key: FigureKey
    low: float
    high: float


@dataclass(frozen=True)
class Problem:
    """Figures that hang together, and which of them must be hidden in their own right (`primary`).

    Every sum, share, known interval and move is true of the figures' values. `nodes` is how many
    branches a proof with whole numbers may take before it counts as no proof.
    """

    figures: Mapping[FigureKey, Figure]
    sums: Sequence[Sum] = ()
    shares: Sequence[Share] = ()
    bounds: Sequence[PublishedBound] = ()
    moves: Sequence[Move] = ()
    needs: Sequence[Need] = ()
    primary: Mapping[FigureKey, str] = field(default_factory=dict)
    nodes: int = 1000
