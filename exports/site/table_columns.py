"""The columns of a table on a page: their order, how each is set, and how their cells read."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from exports.definitions.table import ColumnDefinition, TableDefinition
from exports.figures.cell import Cell, rounded
from exports.figures.selection import Selection
from exports.site.names import Names

LONG, SHORT = 34, 22  # letters: more want a wide column, fewer stand on one line
LONGEST = 90  # letters: a text of more would make a row tall among many columns
_BRIEF = 17  # letters: a code, period or day of as few stands on one line in any table
_COVERAGE = ("n_reporting", "n_expected", "months_received", "months_expected", "coverage")
_TO_THE_PENNY = "Data quality"  # a topic whose tables set sums against each other
_PENCE_BELOW = 100  # pounds: in a column with no smaller amount pence tell nothing


@dataclass(frozen=True)
class Reading:
    """The cells of a selection as pages say them."""

    selection: Selection
    names: Names

    @cached_property
    def whole(self) -> frozenset[int]:
        """The columns of pounds so large that pence tell nothing."""
        found = []
        for at, column in enumerate(self.selection.table.columns):
            sizes = [abs(f) for row in self.selection.rows if (f := row[at].figure)]
            is_large = (
                column.unit == "GBP"
                and self.selection.table.topic != _TO_THE_PENNY
                and min(sizes, default=Decimal(0)) >= _PENCE_BELOW
            )
            if is_large and any(one != one.to_integral_value() for one in sizes):
                found.append(at)
        return frozenset(found)

    def __call__(self, row: Sequence[Cell], at: int) -> tuple[str, str]:
        """How a cell of the row reads, and the code behind it."""
        columns = self.selection.table.columns
        if at in self.whole and (figure := row[at].figure) is not None:
            return f"{rounded(figure, 0):,}", ""
        if columns[at].reads_as != "figure":  # others need no other cell of the row
            return self.names.reading(row[at], columns[at], {})
        by_column = {one.name: cell for one, cell in zip(columns, row, strict=True)}
        return self.names.reading(row[at], columns[at], by_column)


def columns_of(table: TableDefinition, once: Sequence[int]) -> tuple[list[int], list[int]]:
    """The columns that name a row, and all that are shown: the first of them, what else tells rows
    apart, and the figures come first, for a narrow screen shows no more."""
    shown = [at for at, one in enumerate(table.columns) if one.on_pages and at not in once]
    place = {one.name: at for at, one in enumerate(table.columns)}
    headed = [place[name] for name in table.row_named_by if place[name] not in once]
    if not headed:
        headed = [next((at for at in shown if table.columns[at].name in table.key), shown[0])]
    units = {one.unit_in for one in table.columns}
    names = [table.columns[at] for at in shown]
    main = next(
        (
            n
            for n, one in zip(shown, names, strict=True)
            if _is_main(one) and one.name not in table.key
        ),
        None,
    )

    def rank(at: int) -> int:
        one = table.columns[at]
        if one.name in table.key:
            return 0
        if at == main or one.name in units:
            return 1 if at == main else 2
        return 3 if _is_main(one) else 4

    rest = sorted((at for at in shown if at not in headed), key=rank)
    return headed, [headed[0], *rest]


def kind_of(column: ColumnDefinition, texts: Sequence[str], cells: Sequence[Cell]) -> str:
    """How a column is set: figures to the right, long text wide, short text on one line."""
    if is_figure(column):
        return "n"
    longest = max(map(len, texts), default=0)
    if longest > LONG:
        return "long" if longest > LONGEST else "wide"
    if longest <= _BRIEF and all(map(_is_coded, texts, cells)):
        return "brief"
    return "short" if longest <= SHORT else ""


def _is_coded(text: str, cell: Cell) -> bool:
    return cell.symbol is not None or any(letter.isdigit() for letter in text)


def _is_main(column: ColumnDefinition) -> bool:
    """Whether it is a figure, and not of how much of what was owed is in the others."""
    return is_figure(column) and column.name not in _COVERAGE


def is_figure(column: ColumnDefinition) -> bool:
    """Whether it has figures."""
    return column.type in ("integer", "number")
