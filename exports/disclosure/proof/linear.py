"""Linear programs, in fractions or in whole numbers, solved with HiGHS."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from flows.common.errors import SocialValueError

_Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
_Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
_Places = np.ndarray[tuple[int], np.dtype[np.int32]]


class _Matrix(NamedTuple):
    """A sparse matrix by rows: where each begins, and the column and value of each entry."""

    starts: _Places
    columns: _Places
    values: _Vector


class Whole(NamedTuple):
    """Which unknowns are whole numbers, and how many branches their program may take."""

    unknowns: _Flags
    nodes: int


class Undecided(SocialValueError):
    """A program reached its limit before anything was known of it."""


class SparseRows:
    """Rows of a sparse matrix with their right sides."""

    def __init__(self) -> None:
        self._values: list[float] = []
        self._columns: list[int] = []
        self._starts: list[int] = [0]
        self._right: list[float] = []

    def __len__(self) -> int:
        return len(self._right)

    def copy(self) -> "SparseRows":
        """The same rows, to be added to."""
        twin = SparseRows()
        twin._values, twin._columns = self._values[:], self._columns[:]
        twin._starts, twin._right = self._starts[:], self._right[:]
        return twin

    def add(self, row: Mapping[int, float], right: float) -> None:
        """Add a row: coefficients by column, and its right side."""
        self._columns.extend(row)
        self._values.extend(row.values())
        self._starts.append(len(self._columns))
        self._right.append(right)

    def extend(self, others: "SparseRows") -> None:
        """Add all of the other rows."""
        here = len(self._columns)
        self._columns += others._columns
        self._values += others._values
        self._starts += [here + start for start in others._starts[1:]]
        self._right += others._right

    def hold(self, values: _Vector, within: float) -> bool:
        """Whether every row, applied to the values, is at most its right side."""
        matrix = self.matrix()
        row_of = np.repeat(np.arange(len(self)), np.diff(matrix.starts))
        parts = matrix.values * values[matrix.columns]
        sums = np.bincount(row_of, weights=parts, minlength=len(self))
        return bool((sums <= self.right + within).all())

    @property
    def right(self) -> _Vector:
        """The right sides."""
        return np.array(self._right, dtype=np.float64)

    def matrix(self) -> _Matrix:
        """The rows without their right sides."""
        return _Matrix(
            np.array(self._starts, dtype=np.int32),
            np.array(self._columns, dtype=np.int32),
            np.array(self._values, dtype=np.float64),
        )


def solve(
    cost: _Vector,
    equal: SparseRows,
    most: SparseRows,
    low: _Vector,
    high: _Vector,
    whole: Whole | None = None,
) -> _Vector | None:
    """The values of least cost that fit; None if none do.

    Where the cost has no least there are none either. At the limit of branches the best values so
    far count; Undecided is raised where there are none. The limit is no clock and one thread
    solves, so that the same program always has the same answer. The solver is imported here: most
    releases need no program solved.
    """
    import highspy

    class QuietHighs(highspy.Highs):
        """HiGHS without its banner, which it prints to standard output when callbacks are set."""

        def enableCallbacks(self) -> None:  # noqa: N802
            """Set none up: they are not needed."""
            self.silent()

    rows = equal.copy()
    rows.extend(most)
    matrix = rows.matrix()
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(cost), len(rows)
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, low, high
    program.row_lower_ = np.concatenate([equal.right, np.full(len(most), -np.inf)])
    program.row_upper_ = rows.right
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_ = matrix.starts, matrix.columns
    program.a_matrix_.value_ = matrix.values
    # A new one each time: its answer must not hang on the ones before.
    highs = QuietHighs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("threads", 1)
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        flags = np.append(whole.unknowns, np.zeros(len(cost) - len(whole.unknowns), dtype=np.bool_))
        program.integrality_ = [kinds[int(flag)] for flag in flags]
        highs.setOptionValue("mip_max_nodes", whole.nodes)
    highs.passModel(program)
    highs.run()
    status = highs.getModelStatus()
    if whole and status not in (
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kInfeasible,
    ):
        if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise Undecided
    elif status != highspy.HighsModelStatus.kOptimal:
        return None
    values = np.array(highs.getSolution().col_value)
    if whole:
        values[flags] = np.round(values[flags])
    return values
