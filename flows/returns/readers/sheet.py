"""A sheet of a workbook, as its rows of text, and what is merged in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.returns.contract import Table, Type

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


def spread_merged(sheet: Sheet, columns: Mapping[str, int], below: int, table: Table) -> Rows:
    """The rows with each merged value on every one of its rows that says something else.

    `columns`: the places of the contract's columns; `below`: the row (from 1) of their header. A
    sum is not repeated: a text that reads as none stands in its place, and becomes a finding.
    """
    types = {place: table.column(name).type for name, place in columns.items()}
    rows = sheet.rows
    for (first, column), (last, _) in sheet.merged:
        if first < below or last == first or column not in types or first >= len(rows):
            continue
        text = _cell(rows[first], column)
        if not text:
            continue
        is_sum = types[column] in SUMS
        for row in rows[first + 1 : last + 1]:
            if any(cell for at, cell in enumerate(row) if at != column) and not _cell(row, column):
                row.extend([""] * (column + 1 - len(row)))
                row[column] = f"merged with row {first + 1}" if is_sum else text
    return rows


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""
