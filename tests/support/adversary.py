"""An attacker who has every published table and a solver, and shares no code with the defence.

The attacker writes down what is published: which cells are one and the same, which add up, what
rounding and percentages tell. For each count below the threshold a linear program then says how low
and how high it can be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from exports.figures.selection import Selection

ALL = "All"
Count = tuple[str, tuple[tuple[str, str], ...]]  # period, and column with value


@dataclass(frozen=True)
class Found:
    """What the attacker can prove of a protected count."""

    count: Count
    truth: int
    low: float
    high: float

    @property
    def holds_all(self) -> bool:
        """Whether every integer from 1 to 4 is still possible."""
        return self.low <= 1 + 1e-6 and self.high >= 4 - 1e-6


class Adversary:
    """Collects constraints on counts and solves for them."""

    def __init__(self, over: str, hidden_is_positive: bool = False) -> None:
        self.over = over  # the dimension that percentages are taken over
        self.least = 1.0 if hidden_is_positive else 0.0
        self.place: dict[Count, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.equal: list[tuple[dict[int, float], float]] = []
        self.most: list[tuple[dict[int, float], float]] = []
        self.pairs: list[tuple[int, int, float]] = []

    def unknown(self, count: Count) -> int:
        if count not in self.place:
            self.place[count] = len(self.low)
            self.low.append(0.0)
            self.high.append(np.inf)
        return self.place[count]

    def read(self, shown: Selection, parents: Mapping[str, str]) -> None:
        """Take in a published table; `parents` are values that others are parts of."""
        names = [column.name for column in shown.table.columns]
        rows = [dict(zip(names, texts, strict=True)) for texts in shown.texts]
        dimensions = [name for name in names if name not in ("quarter", "people", "percent")]
        for row in rows:
            self._cell(row, dimensions)
        for row in rows:
            for name in dimensions:
                values = sorted({one[name] for one in rows} - {ALL})
                parts = [one for one in values if parents.get(one, ALL) == row[name]]
                if parts:
                    terms = {self.unknown(self._count(row, dimensions)): 1.0}
                    for value in parts:
                        terms[self.unknown(self._count({**row, name: value}, dimensions))] = -1.0
                    self.equal.append((terms, 0.0))

    def _count(self, row: Mapping[str, str], dimensions: Sequence[str]) -> Count:
        cut = sorted((name, row[name]) for name in dimensions if row[name] != ALL)
        return row["quarter"], tuple(cut)

    def _cell(self, row: Mapping[str, str], dimensions: Sequence[str]) -> None:
        at = self.unknown(self._count(row, dimensions))
        if row["people"] == "[c]":
            low, high = self.least, np.inf
        elif row["people"] == "0":
            low, high = 0.0, 0.0
        else:
            shown = int(row["people"])
            low, high = max(5, shown - 2), shown + 2
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)
        if row.get("percent", "[z]") not in ("[c]", "[z]"):
            self._percent(at, row, dimensions, low, high)

    def _percent(
        self, at: int, row: Mapping[str, str], dimensions: Sequence[str], low: float, high: float
    ) -> None:
        percent = float(row["percent"])
        whole = self.unknown(self._count({**row, self.over: ALL}, dimensions))
        if whole == at:
            return
        self.most.append(({at: 1.0, whole: -(percent + 0.05) / 100}, 1e-4))
        self.most.append(({at: -1.0, whole: (percent - 0.05) / 100}, 1e-4))
        self.pairs.append((at, whole, percent))

    def back_solve(self) -> None:
        """Try each pair of whole numbers that could have made a percentage, over and over."""
        before = None
        while before != (self.low, self.high):
            before = (self.low[:], self.high[:])
            for at, whole, percent in self.pairs:
                self._back_solve_one(at, whole, percent)

    def _back_solve_one(self, at: int, whole: int, percent: float) -> None:
        low, high = self.low, self.high
        if np.isinf(high[whole]) or high[whole] - low[whole] > 50:
            return
        fits = [
            (part, of)
            for of in range(max(1, int(low[whole])), int(high[whole]) + 1)
            for part in range(of + 1)
            if low[at] <= part <= high[at] and abs(100 * part / of - percent) <= 0.05 + 1e-9
        ]
        assert fits, "the attacker's constraints contradict each other"
        low[at] = max(low[at], min(part for part, _ in fits))
        high[at] = min(high[at], max(part for part, _ in fits))
        low[whole] = max(low[whole], min(of for _, of in fits))
        high[whole] = min(high[whole], max(of for _, of in fits))

    def moved(self, before: Count, after: Count, low: float, high: float) -> None:
        """Somebody tells: the count went up by that much, at least and at most."""
        first, then = self.unknown(before), self.unknown(after)
        self.most.append(({then: 1.0, first: -1.0}, high))
        self.most.append(({then: -1.0, first: 1.0}, -low))

    def prove(self, truth: Mapping[Count, int]) -> list[Found]:
        """The interval of each count that is below the threshold."""
        self.back_solve()
        return [
            Found(count, value, self._end(count, 1.0), self._end(count, -1.0))
            for count, value in truth.items()
            if 1 <= value <= 4 and count in self.place
        ]

    def _end(self, count: Count, sign: float) -> float:
        size = len(self.low)
        cost = np.zeros(size)
        cost[self.place[count]] = sign
        tables = []
        for rows in (self.most, self.equal):
            matrix, right = np.zeros((len(rows), size)), np.zeros(len(rows))
            for at, (terms, most) in enumerate(rows):
                right[at] = most
                for column, times in terms.items():
                    matrix[at, column] += times
            tables += [matrix, right] if rows else [None, None]
        bounds = np.column_stack([self.low, self.high])
        found = linprog(cost, *tables, bounds=bounds, method="highs")
        if found.status == 3:
            return -sign * np.inf
        assert found.status == 0, found.message
        return float(sign * found.fun)
