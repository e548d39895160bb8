"""Whether a published figure meets its target, from what is shown and nothing else."""

from collections.abc import Mapping
from decimal import Decimal

from exports.definitions.table import TableDefinition
from exports.figures.cell import Cell


def judged(table: TableDefinition, column: str, row: Mapping[str, Cell]) -> Decimal | None:
    """The figure of a row that is set beside its target; None where it is not shown.

    A percentage of people is worked out anew from the counts beside it, as they are shown: its
    cell is rounded, and 99.7 % of staff is not all of them.
    """
    cell = row[column]
    shares = table.disclosure.percentages if table.disclosure else ()
    share = next((one for one in shares if one.column == column), None)
    if cell.figure is None or share is None:
        return cell.figure
    part, whole = row[share.numerator].figure, row[share.denominator].figure
    return 100 * part / whole if part is not None and whole else cell.figure
