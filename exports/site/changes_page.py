"""What changed since the revision before, for readers: why in words, and the largest changes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import groupby

from exports.definitions.table import ColumnDefinition, TableDefinition
from exports.edition.changes import Change
from exports.figures.cell import Cell
from exports.figures.display import exact, plain
from exports.site.names import Names

LARGEST, LISTED = 5, 500
_FIGURES = ("indicators", "year_figures")  # what a reader looks for first: what indicators come to
WHOLE, NOT_IN_IT = "The whole row", "not in it"
_NO_NAMES = Names()
_REASON = re.compile(r"(return [a-z ]+): ([^;]*)")
_WORDS = {
    "return added": ("return came in", "returns came in"),
    "return replaced": ("return was sent again", "returns were sent again"),
    "return no longer in force": ("return no longer counts", "returns no longer count"),
}


@dataclass(frozen=True)
class ChangeView:
    """A changed cell with its row and column in words."""

    table: str
    row: str
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangesView:
    """How many cells differ in how many tables, why, the largest changes, and the list of as many
    cells as are `shown`."""

    count: int
    tables: int
    reasons: Sequence[str]
    shown: int
    largest: Sequence[ChangeView]
    listed: Sequence[ChangeView]


def changes_view(
    changes: Sequence[Change],
    tables: Sequence[TableDefinition],
    names: Names = _NO_NAMES,
) -> ChangesView:
    """The changes between two revisions; `names` are the words of codes. A row that came or went
    is one change of those listed."""
    by_name = {table.name: table for table in tables}
    sized = [
        (one.table in _FIGURES and one.column == "value", size, -at, one)
        for at, one in enumerate(changes)
        if (size := _size(one))
    ]
    largest = [one for *_, one in sorted(sized, key=lambda one: one[:3], reverse=True)]
    return ChangesView(
        count=len(changes),
        tables=len({one.table for one in changes}),
        reasons=list(dict.fromkeys(text for one in changes for text in _reasons(one.why))),
        shown=min(len(changes), LISTED),
        largest=[_view(one, by_name, names) for one in largest[:LARGEST]],
        listed=[
            view
            for _, cells in groupby(changes[:LISTED], lambda one: (one.table, one.row_key))
            for view in _of_row([_view(one, by_name, names) for one in cells])
        ],
    )


def _of_row(cells: Sequence[ChangeView]) -> Sequence[ChangeView]:
    """The changed cells of a row; one for all where the row came or went."""
    first = cells[0]
    for old, new in ((NOT_IN_IT, "in it"), ("in it", NOT_IN_IT)):
        gone = [one.old if old == NOT_IN_IT else one.new for one in cells]
        if len(cells) > 1 and set(gone) == {NOT_IN_IT}:
            return [replace(first, column=WHOLE, old=old, new=new)]
    return cells


def _reasons(why: str) -> list[str]:
    """`4 returns came in`; what is no return stays as it is."""
    texts = []
    for reason in why.split("; "):
        found = _REASON.fullmatch(reason)
        if found and found[1] in _WORDS:
            count = found[2].count(", ") + 1
            texts.append(f"{count} {_WORDS[found[1]][count != 1]}")
        else:
            texts.append(reason)
    return texts


def _size(change: Change) -> Decimal | None:
    """How far a figure moved, as a share of the larger; None of what was or is no figure, and of
    a difference, which moves with its figures."""
    if change.column.startswith("change"):
        return None
    try:
        old, new = Decimal(change.old), Decimal(change.new)
    except InvalidOperation:
        return None
    return abs(new - old) / max(abs(new), abs(old)) if old and new else None


def _view(change: Change, tables: Mapping[str, TableDefinition], names: Names) -> ChangeView:
    table = tables.get(change.table)
    columns = {column.name: column for column in table.columns} if table else {}
    parts = [part.partition("=") for part in change.row_key.split("; ")]
    cells = {name: Cell(value) for name, _, value in parts}
    row = ", ".join(_named(name, cells, columns.get(name), names) for name in cells)
    column = columns.get(change.column)
    unit = names.units.get((change.table, change.row_key), "")
    return ChangeView(
        table=change.table,
        row=row,
        column=column.header if column else change.column,
        old=_reads(change.old, column, unit),
        new=_reads(change.new, column, unit),
    )


def _named(
    name: str, row: Mapping[str, Cell], column: ColumnDefinition | None, names: Names
) -> str:
    """A part of a row's key in words, with its code if it has one."""
    value = row[name].text
    if value in names.codes:
        return f"{names.codes[value]} ({value})"
    text, code = names.reading(row[name], column, row) if column else (value, "")
    return f"{text} ({code})" if code else _reads(text, column)


def _reads(text: str, column: ColumnDefinition | None, unit: str = "") -> str:
    if not text:
        return NOT_IN_IT
    if column is None:
        return text
    try:
        value = Decimal(text) if column.type in ("integer", "number") else text
    except InvalidOperation:
        return text
    said = plain(Cell(value), column)
    return exact(said, unit) if column.unit_in and isinstance(value, Decimal) else said
