"""The attack of one who knows that people are whole numbers: the final proof.

Between 1 and 4 whole numbers may be impossible though the ends are not, so each is asked for. A
program that reaches its limit proves nothing, and then more is hidden.
"""

import math

from exports.disclosure.figures import Interval, Need, Problem
from exports.disclosure.proof.attack import EPSILON, Attack, Want
from exports.disclosure.proof.linear import Whole


class WholeAttack(Attack):
    """An attacker who counts people in whole numbers."""

    def __init__(self, problem: Problem, *, colleague: bool) -> None:
        super().__init__(problem, colleague=colleague)
        self._standing.whole = Whole(self._columns.whole(problem), problem.nodes)
        self._never: set[tuple[int, float]] = set()  # of unknowns, whatever this release hides

    def wants(self, need: Need) -> list[Want]:
        """What a need asks for: each whole number that must be possible."""
        if not self._problem.figures[need.key].whole:
            return super().wants(need)
        numbers = range(math.ceil(need.low - EPSILON), math.floor(need.high + EPSILON) + 1)
        return [Want(need.key, Interval(one, one)) for one in numbers]

    def within_reach(self, want: Want) -> Want | None:
        """The want if hiding everything of this release would meet it, else None.

        An end of what is not whole is met as nearly as it can be. Raises Undecided if it is not
        known.
        """
        if want.interval.low < want.interval.high:
            return super().within_reach(want)
        if self._is_beyond(want):
            return None
        bounds = self._standing.copy()
        fits = bounds.narrow(self._columns.place(want.key), want.interval)
        if fits and bounds.solve(self._cost_of([]), self._sums) is not None:
            return want
        self._never.add(self._number(want))
        return None

    def _is_beyond(self, want: Want) -> bool:
        if want.interval.low < want.interval.high:
            return super()._is_beyond(want)
        return self._number(want) in self._never

    def _number(self, want: Want) -> tuple[int, float]:
        at, by = self._columns.place(want.key)
        return at, round(want.interval.low - by)
