"""The ledger: what happened, in order, each event carrying the hash of the one before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

FIRST = "0" * 64


def append(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    subject: str,
    detail: Mapping[str, object],
    at: datetime,
) -> str:
    """Add an event inside the open transaction on the attached warehouse; returns its hash.

    The event also carries the digests of the ledger's tables that belong to no one return.
    """
    seq, previous = _last(connection)
    whole = {**detail, "tables": of_whole_tables(connection)}
    text = json.dumps(whole, sort_keys=True, default=str)
    digest = event_hash(seq + 1, at, kind, subject, text, previous)
    connection.execute(
        "insert into warehouse.ledger.events values (?, ?, ?, ?, ?, ?, ?)",
        [seq + 1, at, kind, subject, text, previous, digest],
    )
    return digest


def event_hash(seq: int, at: datetime, kind: str, subject: str, detail: str, previous: str) -> str:
    """The SHA-256 that ties an event to its content and to the event before it."""
    content = json.dumps([seq, at.isoformat(), kind, subject, detail, previous])
    return hashlib.sha256(content.encode()).hexdigest()


def head(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash of the newest event."""
    return _last(connection)[1]


def _last(connection: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    row = connection.execute(
        "select seq, hash from warehouse.ledger.events order by seq desc limit 1"
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else (0, FIRST)


ABOUT_A_RETURN = ("returns", "outcomes", "checks", "findings", "quarantined", "dropped")
WHOLE = ("files", "standing")
CHANGES = ("cleared_at",)  # what is brought up to date, and so is in no digest
MASK = (1 << 128) - 1


@dataclass(frozen=True)
class Part:
    """Rows of a table of the warehouse: those that the condition names, of its `values`."""

    schema: str
    table: str
    where: str = "true"
    values: tuple[object, ...] = ()

    @property
    def name(self) -> str:
        """The table with its schema."""
        return f"{self.schema}.{self.table}"


def of_return(
    connection: duckdb.DuckDBPyConnection, return_id: str, attempt: int, landed: Sequence[str]
) -> dict[str, str]:
    """The digests of everything the warehouse holds of a judgement of a return, by table.

    `landed`: the tables of its rows; a judgement that loaded none names none.
    """
    mine = ("return_id = ? and attempt = ?", (return_id, attempt))
    parts = [Part("ledger", table, *mine) for table in ABOUT_A_RETURN]
    parts += [Part("landed", table, "_return_id = ?", (return_id,)) for table in landed]
    return digests_of(connection, parts)


def of_whole_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The digests of what belongs to no one return: tables, and findings across returns."""
    parts = [Part("ledger", table) for table in WHOLE]
    return digests_of(connection, [*parts, Part("ledger", "findings", "attempt = 0")])


def digests_of(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> dict[str, str]:
    """The digest of each part, as `rows:hex`, by the table's name."""
    asked = " union all ".join(
        _digest(part, sorted(set(columns_of(connection, part.name)) - set(CHANGES)))
        for part in parts
    )
    rows = connection.execute(asked, [v for part in parts for v in part.values]).fetchall()
    return {str(name): f"{count}:{(whole or 0) & MASK:032x}" for name, count, whole in rows}


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a table of the attached warehouse, such as `ledger.files`.

    Of this table alone: `duckdb_columns()` goes through every table there is, and a round of files
    has thousands beside the warehouse.
    """
    told = connection.execute(f"select * from warehouse.{table} limit 0").description
    return [str(column[0]) for column in told or []]


def _digest(part: Part, columns: Sequence[str]) -> str:
    row = ", ".join(f"""'{name}=' || cast("{name}" as varchar)""" for name in columns)
    return (
        f"select '{part.name}', count(*), bit_xor(md5_number(concat_ws(chr(31), {row}))) "
        f"from warehouse.{part.name} where {part.where}"
    )
