"""Figures, sums, shares and needs as they are met, put together into one problem."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from exports.disclosure.figures import (
    Figure,
    FigureKey,
    Interval,
    Move,
    Need,
    Problem,
    PublishedBound,
    Share,
    Sum,
)
from exports.disclosure.problem.rows import DisclosureError, Spot
from exports.disclosure.thresholds import Thresholds

THRESHOLD = "below the threshold"
CLOSE = 1e-6
_WEIGHTS = (12.0, 6.0, 3.0)  # of a total, of the total of a row or column, of a cell within


class Builder:
    """What is known so far of the people in a release's tables."""

    def __init__(self, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self.figures: dict[FigureKey, Figure] = {}
        self.shares: dict[FigureKey, Share] = {}
        self.primary: dict[FigureKey, str] = {}
        self.sums: dict[Sum, None] = {}
        self.moves: list[Move] = []
        self.spots: dict[Spot, None] = {}
        self._bounds: dict[PublishedBound, None] = {}
        self._needs: dict[FigureKey, Need] = {}
        self._known: set[FigureKey] = set()

    def problem(self) -> Problem:
        """All of it."""
        return Problem(
            figures=self.figures,
            sums=tuple(self.sums),
            shares=tuple(self.shares.values()),
            bounds=tuple(self._bounds),
            moves=tuple(self.moves),
            needs=tuple(need for key, need in self._needs.items() if key not in self._known),
            primary=self.primary,
            nodes=self.thresholds.proof_nodes,
        )

    def count(
        self,
        key: FigureKey,
        value: Decimal,
        *,
        whole: bool,
        published: bool,
        hides_zeros: bool,
        depth: int,
    ) -> None:
        """A count of people; `shown` if a table publishes it. Raises DisclosureError."""
        if value < 0:
            raise DisclosureError(f"{named(key)} is {value}: a count of people is never negative.")
        small = self.thresholds.is_small(value)
        interval: Interval | None = None
        if small:
            interval = Interval(0, self.thresholds.threshold)  # never shown, so it tells nothing
        elif value or hides_zeros:
            interval = self.thresholds.interval_of(self.thresholds.rounded(value), whole)
        elif published:
            self.add_bound(key, Interval(0, 0))
        weight = _WEIGHTS[min(depth, 2)] + min(float(value), 1000) / 1000
        told = interval if published else None
        self.figure(Figure(key, float(value), told, weight, whole))
        if small:
            self.need(key, min(1.0, float(value)), self.thresholds.threshold - 1)

    def rest(self, whole: FigureKey, part: FigureKey) -> FigureKey:
        """The figure that `part` lacks of `whole`; it is protected as a count of its own."""
        key = ("rest", *whole, "less", *part)
        if key not in self.figures:
            value = self.figures[whole].value - self.figures[part].value
            if value < -CLOSE:
                raise DisclosureError(f"{named(part)} is more than {named(whole)}, which holds it.")
            self.derived(key, value, (whole, part))
            self.sums[Sum(whole, (part, key))] = None
            if CLOSE < value < self.thresholds.threshold - CLOSE:
                self.need(key, min(1.0, value), self.thresholds.threshold - 1)
        return key

    def lacks(self, whole: FigureKey, part: FigureKey) -> None:
        """`part` counts some of the people in `whole`, and so is no more than it.

        How many others there are need not stay unknown. Nothing is added where one of the two is
        not there, or where it is not true of them, so that nobody can rely on it.
        """
        if whole not in self.figures or part not in self.figures:
            return
        others = self.figures[whole].value - self.figures[part].value
        if others >= 0:
            key = ("others", *whole, "than", *part)
            self.derived(key, others, (whole, part))
            self.sums[Sum(whole, (part, key))] = None

    def derived(self, key: FigureKey, value: float, of: Iterable[FigureKey]) -> None:
        """A figure that no table shows, made of others: whole if all of those are."""
        self.figure(Figure(key, value, whole=all(self.figures[one].whole for one in of)))

    def figure(self, figure: Figure) -> None:
        """A figure; one that is there already must be equal. Raises DisclosureError."""
        there = self.figures.get(figure.key)
        if there is None:
            self.figures[figure.key] = figure
            return
        if abs(there.value - figure.value) > CLOSE:
            raise DisclosureError(
                f"{named(figure.key)} is {there.value:g} in one table and {figure.value:g} in"
                " another; mend the publication models."
            )
        interval = there.interval or figure.interval
        weight, whole = max(there.weight, figure.weight), there.whole or figure.whole
        self.figures[figure.key] = Figure(figure.key, figure.value, interval, weight, whole)

    def weigh(self, key: FigureKey, more: float) -> None:
        """Readers lose that much more when the figure is hidden."""
        figure = self.figures[key]
        self.figures[key] = replace(figure, weight=figure.weight + more)

    def narrow(self, key: FigureKey, interval: Interval) -> None:
        """What else publishing the figure tells of it."""
        figure = self.figures[key]
        if figure.interval is not None and interval.holds(figure.value):
            both = Interval(
                max(figure.interval.low, interval.low), min(figure.interval.high, interval.high)
            )
            self.figures[key] = replace(figure, interval=both)

    def need(self, key: FigureKey, low: float, high: float) -> None:
        """The figure must be able to be as low and as high as that; the wider need counts."""
        there = self._needs.get(key, Need(key, low, high))
        self._needs[key] = Need(key, min(low, there.low), max(high, there.high))

    def known(self, key: FigureKey) -> None:
        """The law has the figure told: nothing can keep it unknown."""
        self._known.add(key)

    def add_bound(self, key: FigureKey, interval: Interval) -> None:
        """Something published, and not to be hidden any more, tells that of the figure."""
        self._bounds[PublishedBound(key, interval)] = None


def named(key: FigureKey) -> str:
    """The key for a reader: `workforce, 2022-23 Q1, headcount, sex=female`."""
    return ", ".join(key)
