"""What changed between two revisions of a release, cell by cell, and why."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from exports.definitions.table import TableDefinition
from exports.figures.machine_files import csv_of, csv_text
from exports.figures.selection import Selection

NOT_REPEATED = "not repeated here"  # whoever withdraws consent does not find the words once more


@dataclass(frozen=True)
class Change:
    """A changed cell. `row_key` reads `name=value; name=value`; texts are as in the CSV files.

    A cell whose row or column is new has no old text; one that is gone has no new text.
    """

    table: str
    row_key: str
    column: str
    old: str
    new: str
    why: str


def changes_since(selections: Sequence[Selection], previous: Path, why: str) -> list[Change]:
    """Every cell that differs from the release in the folder `previous`."""
    changes: list[Change] = []
    for selection in selections:
        path = previous / "tables" / f"{selection.table.name}.csv"
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        changes += changed_cells(selection.table, old, csv_text(selection), why)
    return changes


def changed_cells(table: TableDefinition, before: str, after: str, why: str) -> Iterator[Change]:
    """Every cell that differs between two texts of a table's CSV; '' is a table that was not."""
    old, new = _by_key(before, table.key), _by_key(after, table.key)
    forgotten = {column.name for column in table.columns if column.forgets}
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key, {}), new.get(key, {})
        for column in [*now, *(name for name in was if name not in now)]:
            if column not in table.key and was.get(column) != now.get(column):
                said = was.get(column, "")
                said = NOT_REPEATED if said and column in forgotten else said
                yield Change(table.name, key, column, said, now.get(column, ""), why)


def changes_text(changes: Iterable[Change]) -> str:
    """`changes.csv`: a row a changed cell."""
    return csv_of([field.name for field in fields(Change)], map(astuple, changes))


def _by_key(text: str, key: Sequence[str]) -> dict[str, dict[str, str]]:
    """CSV rows by their key; a key column that a revision did not have yet reads as empty."""
    return {
        "; ".join(f"{name}={row.get(name, '')}" for name in key): dict(row)
        for row in csv.DictReader(io.StringIO(text, newline=""))
    }
