"""What an attacker can prove of the hidden figures from all that is published.

The attacker knows how tables add up, what rounding does, and every release so far: a system of
linear constraints. A figure is safe if the system still allows it to be as low, and as high, as it
must be possible to be. The truth satisfies every constraint, so by convexity all in between is
possible too, if people may be fractions. Nobody can prove less who knows that they are not: an
attack with whole numbers (`whole.py`) comes after this one, which is quicker.
"""

from collections.abc import Iterable, Sequence, Set
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from exports.disclosure.figures import Figure, FigureKey, Interval, Need, Problem, Share
from exports.disclosure.proof.columns import Columns, columns_of
from exports.disclosure.proof.linear import SparseRows, Undecided, Whole, solve
from flows.common.errors import SocialValueError

EPSILON = 1e-6
_Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


class Inconsistent(SocialValueError):
    """The constraints contradict each other, so one of them is not true of the figures."""


class Want(NamedTuple):
    """What must stay possible for an attacker: that the figure lies in the interval."""

    key: FigureKey
    interval: Interval


@dataclass
class Bounds:
    """What is told of the unknowns: bounds, and rows that are at most something."""

    low: _Vector
    high: _Vector
    rows: SparseRows
    whole: Whole | None = None

    def copy(self) -> "Bounds":
        """The same, to be added to."""
        return Bounds(self.low.copy(), self.high.copy(), self.rows.copy(), self.whole)

    def narrow(self, place: tuple[int, float], interval: Interval) -> bool:
        """The figure at that place lies in the interval; false if it cannot."""
        at, by = place
        self.low[at] = max(self.low[at], interval.low - by)
        self.high[at] = min(self.high[at], interval.high - by)
        return bool(self.low[at] <= self.high[at] + EPSILON)

    def solve(self, cost: _Vector, equal: SparseRows) -> _Vector | None:
        """The values of least cost; there may be more unknowns, above 0, than bounds."""
        more = np.zeros(len(cost) - len(self.low))
        low, high = np.append(self.low, more), np.append(self.high, more + np.inf)
        return solve(cost, equal, self.rows, low, high, self.whole)


class Attack:
    """One kind of attacker against one problem.

    A colleague knows who came to a small group between periods, or left it; an outsider does not.
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
        self._standing = self._standing_bounds()
        self._ends: dict[tuple[int, bool], float] = {}  # of unknowns, whatever this release hides
        self._last: tuple[frozenset[FigureKey], Bounds] | None = None
        self._seen: list[_Vector] = [self._columns.truth(problem)]

    def wants(self, need: Need) -> list[Want]:
        """What a need asks for: that the figure can be as low, and as high."""
        return [
            Want(need.key, Interval(-np.inf, need.low)),
            Want(need.key, Interval(need.high, np.inf)),
        ]

    def sweep(self, needs: Sequence[Need], hidden: Set[FigureKey]) -> None:
        """Look for possibilities in which many figures are low, or high, or between, at once."""
        for wants in zip_longest(*map(self.wants, needs)):
            bounds = self._bounds(hidden)
            missed = [want for want in wants if want and not self._has_seen(want)]
            for helper, want in enumerate(missed, start=self._size):
                # The helper is how far the figure is from the interval, or 0 in it.
                at, by = self._columns.place(want.key)
                low, high = (end - by for end in want.interval)
                if low > -np.inf:
                    bounds.rows.add({at: -1.0, helper: -1.0}, -low)
                if high < np.inf:
                    bounds.rows.add({at: 1.0, helper: -1.0}, high)
            with suppress(Undecided):
                self._keep(bounds.solve(self._cost_of([1.0] * len(missed)), self._sums))

    def allows(self, want: Want, hidden: Set[FigureKey]) -> bool:
        """Whether the figure can lie there where that is hidden; false too if it is not known."""
        if self._has_seen(want):
            return True
        if self._is_beyond(want):
            return False
        bounds = self._bounds(hidden)
        if not bounds.narrow(self._columns.place(want.key), want.interval):
            return False
        try:
            return self._keep(bounds.solve(self._cost_of([]), self._sums))
        except Undecided:
            return False

    def within_reach(self, want: Want) -> Want | None:
        """The want, or what comes nearest to it, in whole people, if this release hid everything.

        What earlier releases told does not change, so how far an unknown goes is found once, for
        all figures that move with it.
        """
        at, by = self._columns.place(want.key)
        upwards = want.interval.low > -np.inf
        end = want.interval.low if upwards else want.interval.high
        if (at, upwards) not in self._ends:
            bounds = self._standing.copy()
            sign = -1.0 if upwards else 1.0
            bounds.rows.add({at: sign, self._size: -1.0}, sign * (end - by))
            found = bounds.solve(self._cost_of([1.0]), self._sums)
            if found is None:
                raise Inconsistent(f"No figures fit all that is published of {' '.join(want.key)}.")
            short = float(found[self._size])
            if short <= EPSILON:
                return want
            self._ends[at, upwards] = end - by + sign * short
        reached = self._ends[at, upwards] + by
        if upwards:
            nearest = Interval(np.floor(min(end, reached) + EPSILON), np.inf)
        else:
            nearest = Interval(-np.inf, np.ceil(max(end, reached) - EPSILON))
        return Want(want.key, nearest)

    def where_less_is_hidden(self, hidden: Set[FigureKey]) -> "Attack":
        """The same attack where less is hidden: only possibilities that still fit are kept."""
        bounds = self._bounds(hidden)
        twin = copy(self)
        twin._seen = [
            seen
            for seen in self._seen
            if (seen >= bounds.low - EPSILON).all()
            and (seen <= bounds.high + EPSILON).all()
            and bounds.rows.hold(seen, EPSILON)
        ]
        return twin

    def relieve(self, want: Want, hidden: Set[FigureKey]) -> set[FigureKey]:
        """What to hide besides, so that the figure can lie there.

        The cheapest way by weight in which what is shown would have to give. Raises Inconsistent
        if nothing that is not yet published can make it possible, Undecided if it is not known.
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
        found = None
        if bounds.narrow(self._columns.place(want.key), want.interval):
            found = bounds.solve(self._cost_of(costs), self._sums)
        if not self._keep(found) or found is None:
            raise Inconsistent(f"Nothing that can still be hidden protects {' '.join(want.key)}.")
        gives = found[self._size :]
        return {giver for giver, much in zip(givers, gives, strict=True) if much > EPSILON}

    def _has_seen(self, want: Want) -> bool:
        at, by = self._columns.place(want.key)
        low, high = want.interval.low - by - EPSILON, want.interval.high - by + EPSILON
        return any(low <= seen[at] <= high for seen in self._seen)

    def _is_beyond(self, want: Want) -> bool:
        """Whether not even hiding everything lets the figure lie there, as is known already."""
        at, by = self._columns.place(want.key)
        if (at, True) in self._ends and self._ends[at, True] + by < want.interval.low - EPSILON:
            return True
        return (at, False) in self._ends and (
            self._ends[at, False] + by > want.interval.high + EPSILON
        )

    def _keep(self, found: _Vector | None) -> bool:
        """Remember what is possible: most figures need no program of their own."""
        if found is None:
            return False
        self._seen.append(found[: self._size])
        return True

    def _cost_of(self, helpers: Sequence[float]) -> _Vector:
        """A cost on the unknowns that help, which come after those of the figures."""
        return np.concatenate([np.zeros(self._size), np.array(helpers, dtype=np.float64)])

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

    def _standing_bounds(self) -> Bounds:
        """What is told whatever this release hides."""
        bounds = Bounds(np.zeros(self._size), np.full(self._size, np.inf), SparseRows())
        for bound in self._problem.bounds:
            bounds.narrow(self._columns.place(bound.key), bound.interval)
        for share in self._problem.shares:
            if share.fixed:
                self._apply(bounds, share)
        return bounds

    def _bounds(self, hidden: Set[FigureKey]) -> Bounds:
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

    def _apply(self, bounds: Bounds, share: Share) -> None:
        """What a shown percentage tells."""
        top, bottom = share.boxes
        bounds.narrow(self._columns.place(share.numerator), top)
        bounds.narrow(self._columns.place(share.denominator), bottom)
        if top.low < top.high or bottom.low < bottom.high:
            for row, most in self._ratios[share.key]:
                bounds.rows.add(row, most)

    def _ratio_rows(self, share: Share) -> list[tuple[dict[int, float], float]]:
        top, bottom = share.numerator, share.denominator
        below, beyond = share.slack
        most, at_most = self._columns.row([(top, 1.0), (bottom, -share.percent.high / 100)])
        least, at_least = self._columns.row([(top, -1.0), (bottom, share.percent.low / 100)])
        return [(most, at_most + beyond), (least, at_least + below)]
