"""Whether a published figure meets its target, from what is shown and nothing else."""

from collections.abc import Mapping
from decimal import Decimal

from exports.definitions.table import TableDefinition
from exports.figures.cell import Cell


def misses(figure: Decimal, target: Decimal, direction: str) -> bool:
    """Whether a figure falls short of its target, or goes beyond it where `lower is better`."""
    return figure > target if direction.startswith("lower") else figure < target


def judged_by(table: TableDefinition, column: str) -> list[str]:
    """The columns that `judged` reads: the figure's own and, of a share of people, its counts."""
    shares = table.disclosure.percentages if table.disclosure else ()
    counts = [(one.numerator, one.denominator) for one in shares if one.column == column]
    return [column, *(name for pair in counts for name in pair)]


def judged(table: TableDefinition, column: str, row: Mapping[str, Cell]) -> Decimal | None:
    """The figure of a row that is set beside its target; None where it is not shown.

    A percentage of people is worked out anew from the counts beside it, as they are shown: its
    cell is rounded, and 99.7 % of staff is not all of them.
    """
    _, *counts = judged_by(table, column)
    figure = row[column].figure
    if figure is None or not counts:
        return figure
    part, whole = (row[name].figure for name in counts)
    return 100 * part / whole if part is not None and whole else figure
