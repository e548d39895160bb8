"""What an attacker can prove of the hidden figures from all that is published.

The attacker knows how tables add up, what rounding does, and every release so far: a system of
linear constraints. A figure is safe if the system still allows it to be as low, and as high, as it
must be possible to be. The truth satisfies every constraint, so by convexity all in between is
possible too.
"""

from collections.abc import Iterable, Sequence, Set
from copy import copy
from dataclasses import dataclass

import numpy as np

from exports.disclosure.figures import Figure, FigureKey, Interval, Need, Problem, Share
from exports.disclosure.proof.columns import Columns, columns_of
from exports.disclosure.proof.linear import SparseRows, solve
from flows.common.errors import SocialValueError

EPSILON = 1e-6
_Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


class Inconsistent(SocialValueError):
    """The constraints contradict each other, so one of them is not true of the figures."""


@dataclass
class _Bounds:
    """What is told of the unknowns: bounds, and rows that are at most something."""

    low: _Vector
    high: _Vector
    rows: SparseRows

    def copy(self) -> "_Bounds":
        return _Bounds(self.low.copy(), self.high.copy(), self.rows.copy())

    def narrow(self, place: tuple[int, float], interval: Interval) -> None:
        """The figure at that place lies in the interval."""
        at, by = place
        self.low[at] = max(self.low[at], interval.low - by)
        self.high[at] = min(self.high[at], interval.high - by)

    def solve(self, cost: _Vector, equal: SparseRows) -> _Vector | None:
        """The values of least cost; there may be more unknowns, above 0, than bounds."""
        more = np.zeros(len(cost) - len(self.low))
        low, high = np.append(self.low, more), np.append(self.high, more + np.inf)
        return solve(cost, equal, self.rows, low, high)


class Attack:
    """One kind of attacker against one problem.

    A colleague knows who came and left between periods, and that zeros are always shown where they
    are; an outsider relies on neither.
    """

    def __init__(self, problem: Problem, *, colleague: bool) -> None:
        self._problem = problem
        self._columns: Columns = columns_of(problem, problem.moves if colleague else ())
        self._size = self._columns.size
        self._sums = SparseRows()
        for one in problem.sums:
            terms = [(one.total, 1.0), *((part, -1.0) for part in one.parts)]
            self._sums.add(*self._columns.row(terms))
        self._ratios = {share.key: self._ratio_rows(share) for share in problem.shares}
        self._standing = self._standing_bounds(colleague)
        self._ends: dict[tuple[int, bool], float] = {}  # of unknowns, whatever this release hides
        self._last: tuple[frozenset[FigureKey], _Bounds] | None = None
        self._seen: list[_Vector] = []
        self._least = self._most = np.zeros(0)
        self._keep(self._columns.truth(problem))

    def sweep(self, needs: Sequence[Need], hidden: Set[FigureKey]) -> None:
        """Look for possibilities in which many figures are low, or high, at once."""
        for sign, ends in ((1.0, [n.low for n in needs]), (-1.0, [n.high for n in needs])):
            bounds = self._bounds(hidden)
            for helper, (need, end) in enumerate(zip(needs, ends, strict=True), start=self._size):
                # The helper is how far the figure is from its end, or 0 beyond it.
                at, by = self._columns.place(need.key)
                bounds.rows.add({at: sign, helper: -1.0}, sign * (end - by))
            self._keep(bounds.solve(self._cost_of([1.0] * len(needs)), self._sums))

    def allows(self, key: FigureKey, end: float, upwards: bool, hidden: Set[FigureKey]) -> bool:
        """Whether the figure can be as high (`upwards`), or else as low, as `end`."""
        at, by = self._columns.place(key)
        if upwards and self._most[at] + by >= end - EPSILON:
            return True
        if not upwards and self._least[at] + by <= end + EPSILON:
            return True
        if (at, upwards) in self._ends:
            beyond = end - by - self._ends[at, upwards]
            if (beyond if upwards else -beyond) > EPSILON:
                return False
        bounds = self._bounds(hidden)
        if not self._want(bounds, key, end, upwards):
            return False
        return self._keep(bounds.solve(self._cost_of([]), self._sums))

    def nearest(self, key: FigureKey, end: float, upwards: bool) -> float:
        """What the figure could be that comes nearest to `end` if this release hid everything.

        From below (`upwards`) or above. What earlier releases told does not change, so how far an
        unknown goes is found once, for all figures that move with it.
        """
        at, by = self._columns.place(key)
        if (at, upwards) not in self._ends:
            bounds = self._standing.copy()
            sign = -1.0 if upwards else 1.0
            bounds.rows.add({at: sign, self._size: -1.0}, sign * (end - by))
            found = bounds.solve(self._cost_of([1.0]), self._sums)
            if found is None:
                raise Inconsistent(f"No figures fit all that is published of {' '.join(key)}.")
            short = float(found[self._size])
            if short <= EPSILON:
                return end
            self._ends[at, upwards] = end - by + sign * short
        reached = self._ends[at, upwards] + by
        return min(end, reached) if upwards else max(end, reached)

    def where_less_is_hidden(self, hidden: Set[FigureKey]) -> "Attack":
        """The same attack where less is hidden: only possibilities that still fit are kept."""
        bounds = self._bounds(hidden)
        twin = copy(self)
        twin._seen = []
        for seen in self._seen:
            fits = (seen >= bounds.low - EPSILON).all() and (seen <= bounds.high + EPSILON).all()
            if fits and bounds.rows.hold(seen, EPSILON):
                twin._keep(seen)
        return twin

    def relieve(
        self, key: FigureKey, end: float, upwards: bool, hidden: Set[FigureKey]
    ) -> set[FigureKey]:
        """What to hide besides, so that the figure can be as high, or as low, as `end`.

        The cheapest way by weight in which what is shown would have to give. Raises Inconsistent
        if nothing that is not yet published can make it possible.
        """
        bounds = self._standing.copy()
        givers: dict[FigureKey, float] = {}
        for figure in self._published(hidden):
            if figure.interval is not None:
                self._give(bounds.rows, figure.key, figure.interval, self._size + len(givers))
                givers[figure.key] = figure.weight
        for share in self._open_shares(hidden):
            giver = self._size + len(givers)
            for row, most in self._ratios[share.key]:
                bounds.rows.add({**row, giver: -1.0}, most)
            self._give(bounds.rows, share.numerator, share.boxes[0], giver)
            self._give(bounds.rows, share.denominator, share.boxes[1], giver)
            givers[share.key] = share.weight
        # Ties are broken by place, so that the same problem always has the same answer.
        costs = [cost * (1 + 1e-3 * at / len(givers)) for at, cost in enumerate(givers.values())]
        wanted = self._want(bounds, key, end, upwards)
        found = bounds.solve(self._cost_of(costs), self._sums) if wanted else None
        if not self._keep(found) or found is None:
            raise Inconsistent(f"Nothing that can still be hidden protects {' '.join(key)}.")
        gives = found[self._size :]
        return {giver for giver, much in zip(givers, gives, strict=True) if much > EPSILON}

    def _keep(self, found: _Vector | None) -> bool:
        """Remember what is possible: most figures need no program of their own."""
        if found is None:
            return False
        values = found[: self._size]
        self._least = np.minimum(self._least, values) if self._seen else values
        self._most = np.maximum(self._most, values) if self._seen else values
        self._seen.append(values)
        return True

    def _cost_of(self, helpers: Sequence[float]) -> _Vector:
        """A cost on the unknowns that help, which come after those of the figures."""
        return np.concatenate([np.zeros(self._size), np.array(helpers, dtype=np.float64)])

    def _want(self, bounds: _Bounds, key: FigureKey, end: float, upwards: bool) -> bool:
        """Ask for the figure to be as high, or as low, as `end`; false if a bound forbids it."""
        at, by = self._columns.place(key)
        bounds.narrow((at, by), Interval(end, np.inf) if upwards else Interval(-np.inf, end))
        return bool(bounds.low[at] <= bounds.high[at] + EPSILON)

    def _give(self, rows: SparseRows, key: FigureKey, interval: Interval, giver: int) -> None:
        """The figure lies in the interval, or beyond it by what the giver gives."""
        at, by = self._columns.place(key)
        rows.add({at: -1.0, giver: -1.0}, by - interval.low)
        if interval.high < np.inf:
            rows.add({at: 1.0, giver: -1.0}, interval.high - by)

    def _published(self, hidden: Set[FigureKey]) -> Iterable[Figure]:
        return (f for f in self._problem.figures.values() if f.key not in hidden)

    def _open_shares(self, hidden: Set[FigureKey]) -> Iterable[Share]:
        return (s for s in self._problem.shares if not s.fixed and s.key not in hidden)

    def _standing_bounds(self, colleague: bool) -> _Bounds:
        """What is told whatever this release hides."""
        bounds = _Bounds(np.zeros(self._size), np.full(self._size, np.inf), SparseRows())
        if colleague:
            for figure in self._problem.figures.values():
                bounds.narrow(self._columns.place(figure.key), Interval(figure.least, np.inf))
        for bound in self._problem.bounds:
            bounds.narrow(self._columns.place(bound.key), bound.interval)
        for share in self._problem.shares:
            if share.fixed:
                self._apply(bounds, share)
        return bounds

    def _bounds(self, hidden: Set[FigureKey]) -> _Bounds:
        """What is told where that is hidden: a copy, to be added to."""
        if self._last is None or self._last[0] != hidden:
            bounds = self._standing.copy()
            for figure in self._published(hidden):
                if figure.interval is not None:
                    bounds.narrow(self._columns.place(figure.key), figure.interval)
            for share in self._open_shares(hidden):
                self._apply(bounds, share)
            self._last = (frozenset(hidden), bounds)
        return self._last[1].copy()

    def _apply(self, bounds: _Bounds, share: Share) -> None:
        """What a shown percentage tells."""
        top, bottom = share.boxes
        bounds.narrow(self._columns.place(share.numerator), top)
        bounds.narrow(self._columns.place(share.denominator), bottom)
        if top.low < top.high or bottom.low < bottom.high:
            for row, most in self._ratios[share.key]:
                bounds.rows.add(row, most)

    def _ratio_rows(self, share: Share) -> list[tuple[dict[int, float], float]]:
        top, bottom = share.numerator, share.denominator
        return [
            self._columns.row([(top, 1.0), (bottom, -share.percent.high / 100)]),
            self._columns.row([(top, -1.0), (bottom, share.percent.low / 100)]),
        ]
