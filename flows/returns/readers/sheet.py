"""A sheet of a workbook, as its rows of text, and what is merged in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.returns.column import Type
from flows.returns.contract import Table
from flows.returns.rows import MERGED

Rows = list[list[str]]
Place = tuple[int, int]  # row and column, from 0
# A sum that spans rows is of them all: nobody can say how much of it is whose.
SUMS: tuple[Type, ...] = ("money", "number", "integer")


@dataclass(frozen=True)
class Sheet:
    """Rows of text from the first on, the ranges merged (first and last place), and who sees it."""

    rows: Rows
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    is_hidden: bool = False


def spread_merged(
    sheet: Sheet, columns: Mapping[str, int], below: int, table: Table
) -> tuple[Rows, list[tuple[int, str]]]:
    """The rows with a text in each cell that is merged with one above, where its row says something
    else; and the cells of these that are a finding, by row (from 1) and column.

    `columns`: the places of the contract's columns; `below`: the row (from 1) of their header. The
    text is the merged value where the contract says so, but for a sum.
    """
    named = {place: name for name, place in columns.items()}
    rows, found = sheet.rows, []
    for (first, column), (last, _) in sheet.merged:
        if first < below or last == first or column not in named or first >= len(rows):
            continue
        text = _cell(rows[first], column)
        if not text:
            continue
        is_of_each = (
            table.merged_cells == "each row" and table.column(named[column]).type not in SUMS
        )
        for at, row in enumerate(rows[first + 1 : last + 1], start=first + 2):
            if any(cell for at, cell in enumerate(row) if at != column) and not _cell(row, column):
                row.extend([""] * (column + 1 - len(row)))
                row[column] = text if is_of_each else f"{MERGED}{first + 1}"
                if not is_of_each:
                    found.append((at, named[column]))
    return rows, found


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""
