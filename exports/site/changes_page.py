"""What changed since the revision before, for readers: why in words, and the largest changes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from exports.definitions.table import ColumnDefinition, TableDefinition
from exports.edition.changes import Change
from exports.figures.cell import Cell
from exports.figures.display import plain

LARGEST, LISTED = 5, 500
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
    """How many cells differ in how many tables, why, the largest changes, and the list."""

    count: int
    tables: int
    reasons: Sequence[str]
    largest: Sequence[ChangeView]
    listed: Sequence[ChangeView]


def changes_view(changes: Sequence[Change], tables: Sequence[TableDefinition]) -> ChangesView:
    """The changes between two revisions."""
    by_name = {table.name: table for table in tables}
    sized = [(size, -at, one) for at, one in enumerate(changes) if (size := _size(one))]
    largest = [one for _, _, one in sorted(sized, key=lambda one: one[:2], reverse=True)]
    return ChangesView(
        count=len(changes),
        tables=len({one.table for one in changes}),
        reasons=list(dict.fromkeys(text for one in changes for text in _reasons(one.why))),
        largest=[_view(one, by_name) for one in largest[:LARGEST]],
        listed=[_view(one, by_name) for one in changes[:LISTED]],
    )


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


def _view(change: Change, tables: Mapping[str, TableDefinition]) -> ChangeView:
    table = tables.get(change.table)
    columns = {column.name: column for column in table.columns} if table else {}
    parts = [part.partition("=") for part in change.row_key.split("; ")]
    row = ", ".join(_reads(value, columns.get(name)) for name, _, value in parts)
    column = columns.get(change.column)
    return ChangeView(
        table=change.table,
        row=row,
        column=column.header if column else change.column,
        old=_reads(change.old, column),
        new=_reads(change.new, column),
    )


def _reads(text: str, column: ColumnDefinition | None) -> str:
    if not text:
        return "not in it"
    if column is None:
        return text
    try:
        value = Decimal(text) if column.type in ("integer", "number") else text
    except InvalidOperation:
        return text
    return plain(Cell(value), column)
