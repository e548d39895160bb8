"""Digests of rows: what an event says of the rows it added, and what `audit check` holds it to.

A row's digest is the SHA-256 of its cells by name, and a set of rows has the SHA-256 of its sorted
row digests: no sum and no XOR, for which other rows with the same digest can be worked out
(docs/decisions/0007-digests-that-cannot-be-forged.md).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from flows.common.errors import SocialValueError

ABOUT_A_RETURN = ("returns", "outcomes", "checks", "findings", "quarantined", "dropped")
CHANGES = ("cleared_at",)  # what is brought up to date, and so is in no digest
NOTHING = "0"
AT_ONCE = 100_000  # digests of rows that stand in memory beside DuckDB
FORM = 4  # the last schema that changed what a row's digest is made of
_WHEN = {"outcomes": '"at"', "checks": '"at"', "findings": "found_at"}  # else received_at


class NotATable(SocialValueError):
    """The warehouse has a table whose name no contract gives."""


@dataclass(frozen=True)
class Part:
    """Rows of a table of the warehouse: those that the condition names, of its `values`.

    `going_in`: the SQL that has just put them there, and gives them again, by their columns' names.
    """

    table: str
    where: str
    values: tuple[object, ...]
    going_in: str = ""


def of_return(
    connection: duckdb.DuckDBPyConnection,
    return_id: str,
    attempt: int,
    sha256: str,
    received_at: datetime,
    landed: Mapping[str, str],
) -> dict[str, str]:
    """The digests of all that the open transaction kept of a judgement of a return, by table.

    `landed`: the tables of its rows, each with the SQL that has put them there: asked again it
    costs what the file has, and no more as the table grows. `audit check` looks at all that stands.
    """
    parts = [Part("ledger.files", "sha256 = ?", (sha256,))]
    for table in ABOUT_A_RETURN:
        where = f"return_id = ? and attempt = ? and {_WHEN.get(table, 'received_at')} = ?"
        parts.append(Part(f"ledger.{table}", where, (return_id, attempt, received_at)))
    for table, rows in landed.items():
        parts.append(Part(f"landed.{table}", "_return_id = ?", (return_id,), rows))
    return digests_of(connection, parts)


def of_found(
    connection: duckdb.DuckDBPyConnection, found: Sequence[str], at: datetime
) -> dict[str, str]:
    """The digest of the findings across returns that were found at a moment."""
    where = "attempt = 0 and found_at = ? and list_contains(?, finding_id)"
    part = Part("ledger.findings", where, (at, list(found)))
    rows = row_digests(connection, part, "finding_id")
    return {"ledger.findings": combined({digest for _, digest in rows})}


def of_standing(connection: duckdb.DuckDBPyConnection, after: int) -> dict[str, str]:
    """The digest of what was put in or out of force after the row of that number."""
    return digests_of(connection, [Part("ledger.standing", "seq > ?", (after,))])


def digests_of(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> dict[str, str]:
    """The digest of each part, as `rows:hex`, by the table's name."""
    many = [part for part in parts if part.table.startswith("landed.")]
    found = {part.table: _of_many(connection, part) for part in many}
    few = [part for part in parts if part not in many]
    asked = " union all ".join(
        f"select '{part.table}', count(*), {_WHOLE} from (select {_row(connection, part.table)} "
        f"as h from warehouse.{part.table} where {part.where})"
        for part in few
    )
    if few:
        rows = connection.execute(asked, [v for part in few for v in part.values]).fetchall()
        found |= {str(name): _text(count, whole) for name, count, whole in rows}
    return found


def _of_many(connection: duckdb.DuckDBPyConnection, part: Part) -> str:
    """The digest of a part that may be of millions of rows: in SQL it would be one text of all."""
    columns = columns_of(connection, part.table)
    rows = f"warehouse.{part.table}"
    if part.going_in:
        given = connection.execute(f"select * from ({part.going_in}) limit 0").description or []
        columns = {str(name): columns[str(name)] for name, *_ in given}
        cells = ", ".join(
            f"{_quoted(name)}::{kind} as {_quoted(name)}" for name, kind in columns.items()
        )
        rows = f"(select {cells} from ({part.going_in}))"
    sorted_rows = connection.execute(
        f"select {_digest_of(columns)} as h from {rows} where {part.where} order by h",
        list(part.values),
    )
    whole, count = hashlib.sha256(), 0
    for batch in sorted_rows.fetch_record_batch(AT_ONCE):
        hashes = batch.column(0).to_pylist()
        whole.update("".join(hashes).encode())
        count += len(hashes)
    return _text(count, whole.hexdigest())


def digests_by(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    keys: Sequence[str],
    schema: int = FORM,
) -> dict[tuple[object, ...], str]:
    """The digests of all rows of a table, by their values of `keys`: as `digests_of` each.

    `schema`: as events of that schema carry them.
    """
    names = ", ".join(keys)
    rows = connection.execute(
        f"select {names}, count(*), {_WHOLE} from ("
        f"select {names}, {_row(connection, table, schema)} as h from warehouse.{table}) "
        f"group by {names}"
    ).fetchall()
    return {tuple(row[:-2]): _text(row[-2], row[-1]) for row in rows}


def row_digests(
    connection: duckdb.DuckDBPyConnection, part: Part, names: str
) -> list[tuple[Any, ...]]:
    """Each row of the part: the columns `names`, and last its digest."""
    return connection.execute(
        f"select {names}, {_row(connection, part.table)} from warehouse.{part.table} "
        f"where {part.where}",
        list(part.values),
    ).fetchall()


def combined(hashes: Iterable[str]) -> str:
    """The digest of rows whose own digests are known: as DuckDB makes it of a part."""
    rows = sorted(hashes)
    return _text(len(rows), hashlib.sha256("".join(rows).encode()).hexdigest())


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a table of the attached warehouse, such as `ledger.files`, with their types.

    Of this table alone: `duckdb_columns()` goes through every table there is, and a batch of files
    has thousands beside the warehouse.
    """
    found = connection.execute(f"select * from warehouse.{table} limit 0").description or []
    return {str(column[0]): str(column[1]) for column in found}


def has_landed(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the attached warehouse has a table of that name that rows of returns land in."""
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'warehouse' "
        "and schema_name = 'landed' and table_name = ?",
        [name],
    ).fetchone()
    return found is not None


def landed_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of the attached warehouse that rows of returns land in.

    Raises NotATable where one has a name that no contract gives: names stand in SQL.
    """
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'warehouse' "
        "and schema_name = 'landed' order by 1"
    ).fetchall()
    names = [str(name) for (name,) in rows]
    if strange := [name for name in names if not _PLAIN.fullmatch(name)]:
        raise NotATable(
            f"The warehouse has a table of rows called {strange[0]!r}, which no contract gives: "
            "somebody put it there. Restore the home from a backup."
        )
    return names


_PLAIN = re.compile("[a-z][a-z0-9_]*")
_WHOLE = "sha256(string_agg(h, '' order by h))"


def _row(connection: duckdb.DuckDBPyConnection, table: str, schema: int = FORM) -> str:
    """A row's digest in SQL: of its cells that hold something, each with its name.

    A column that a table gains later is empty in rows of before, and so changes no digest. What
    parts the cells (character 31) is doubled where text holds it, so no two rows read alike.
    """
    return _digest_of(columns_of(connection, table), schema)


def _digest_of(columns: Mapping[str, str], schema: int = FORM) -> str:
    label = _label if schema >= FORM else _label_of_schema_3
    cells = ", ".join(
        f"'{label(name)}=' || {_cell(name, columns[name])}"
        for name in sorted(columns.keys() - {*CHANGES})
    )
    return f"sha256(concat_ws(chr(31), {cells}))"


def _label(name: str) -> str:
    """The name, or what stands for one that no column has here: `amount=1` is no amount."""
    is_plain = _PLAIN.fullmatch(name.removeprefix("_"))
    return name if is_plain else f"#{hashlib.sha256(name.encode()).hexdigest()}"


def _label_of_schema_3(name: str) -> str:
    """As events of schema 3 have it: the columns of the warehouse's own had no plain name."""
    return name if _PLAIN.fullmatch(name) else hashlib.sha256(name.encode()).hexdigest()


def _cell(name: str, kind: str) -> str:
    column = _quoted(name)
    if kind not in ("STRING", "VARCHAR"):
        return f"cast({column} as varchar)"
    doubled = f"replace({column}, chr(31), chr(31) || chr(31))"
    return f"case when contains({column}, chr(31)) then {doubled} else {column} end"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(count: int, whole: str | None) -> str:
    return f"{count}:{whole}" if count else NOTHING
