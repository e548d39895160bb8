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

    def __init__(self, over: str) -> None:
        self.over = over  # the dimension that percentages are taken over
        self.place: dict[Count, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.equal: list[tuple[dict[int, float], float]] = []
        self.most: list[tuple[dict[int, float], float]] = []

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
        people = {self._count(row, dimensions): row["people"] for row in rows}
        for row in rows:
            if row.get("percent", "[z]") not in ("[c]", "[z]"):
                self._percent(row, dimensions, people)
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
            low, high = 0.0, np.inf
        elif row["people"] == "0":
            low, high = 0.0, 0.0
        else:
            shown = int(row["people"])
            low, high = max(5, shown - 2), shown + 2
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)

    def _percent(
        self, row: Mapping[str, str], dimensions: Sequence[str], people: Mapping[Count, str]
    ) -> None:
        """It is worked out from the two counts that are shown, and so tells nothing besides."""
        whole = self._count({**row, self.over: ALL}, dimensions)
        part, of = (int(people[one]) for one in (self._count(row, dimensions), whole))
        assert int(row["percent"]) == (200 * part + of) // (2 * of)

    def moved(self, before: Count, after: Count, low: float, high: float) -> None:
        """Somebody tells: the count went up by that much, at least and at most."""
        first, then = self.unknown(before), self.unknown(after)
        self.most.append(({then: 1.0, first: -1.0}, high))
        self.most.append(({then: -1.0, first: 1.0}, -low))

    def prove(self, truth: Mapping[Count, int]) -> list[Found]:
        """The interval of each count that is below the threshold."""
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
