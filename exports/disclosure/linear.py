"""Linear programs, solved with SciPy's HiGHS."""

from collections.abc import Mapping

import numpy as np

_Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


class Rows:
    """Rows of a sparse matrix with their right sides."""

    def __init__(self) -> None:
        self._values: list[float] = []
        self._columns: list[int] = []
        self._starts: list[int] = [0]
        self._right: list[float] = []

    def copy(self) -> "Rows":
        """The same rows, to be added to."""
        twin = Rows()
        twin._values, twin._columns = self._values[:], self._columns[:]
        twin._starts, twin._right = self._starts[:], self._right[:]
        return twin

    def add(self, row: Mapping[int, float], right: float) -> None:
        """Add a row: coefficients by column, and its right side."""
        self._columns.extend(row)
        self._values.extend(row.values())
        self._starts.append(len(self._columns))
        self._right.append(right)

    def hold(self, values: _Vector, within: float) -> bool:
        """Whether every row, applied to the values, is at most its right side."""
        from scipy.sparse import csr_array

        if not self._right:
            return True
        parts = (self._values, self._columns, self._starts)
        matrix = csr_array(parts, shape=(len(self._right), len(values)))
        return bool((matrix @ values <= np.array(self._right) + within).all())

    def matrix(self, width: int) -> tuple[object, _Vector] | tuple[None, None]:
        """The rows as SciPy takes them; nothing where there are none."""
        from scipy.sparse import csr_array

        if not self._right:
            return None, None
        parts = (self._values, self._columns, self._starts)
        return csr_array(parts, shape=(len(self._right), width)), np.array(self._right)


def solve(cost: _Vector, equal: Rows, most: Rows, low: _Vector, high: _Vector) -> _Vector | None:
    """The values of least cost that fit; None if none do.

    Where the cost has no least, values are as far out as a cap allows. `scipy` is imported here: it
    takes as long as a small release, and most releases need no program solved.
    """
    from scipy.optimize import linprog

    a_eq, b_eq = equal.matrix(len(cost))
    a_ub, b_ub = most.matrix(len(cost))
    bounds = np.column_stack([low, high])
    found = linprog(cost, a_ub, b_ub, a_eq, b_eq, bounds=bounds, method="highs")
    return found.x if found.status == 0 else None
