"""The lake's fence: one row that says the ledger's head, written with every event.

Two transactions that write it conflict, and the second to commit fails: whoever lost the lock
without knowing it cannot add to the chain where somebody else has added meanwhile.
"""

import duckdb

from flows.warehouse.store.scratch import ALIAS

HEAD = f"{ALIAS}.ledger.head"


def has_fence(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the attached warehouse is a lake: the lock of a file cannot be lost."""
    row = connection.execute(
        "select type = 'ducklake' from duckdb_databases() where database_name = ?", [ALIAS]
    ).fetchone()
    return row is not None and bool(row[0])


def make_fence(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the row, inside the open transaction."""
    connection.execute(f"create table if not exists {HEAD} (seq bigint not null, hash varchar)")
    connection.execute(f"insert into {HEAD} values (0, '')")


def move_head(connection: duckdb.DuckDBPyConnection, seq: int, digest: str) -> None:
    """Say that this event is the newest, inside the open transaction that adds it."""
    if has_fence(connection):
        connection.execute(f"update {HEAD} set seq = ?, hash = ?", [seq, digest])


def move_to_newest(connection: duckdb.DuckDBPyConnection) -> None:
    """Say again which event is the newest: whoever is at work without the lock fails."""
    connection.execute(
        f"update {HEAD} set seq = coalesce(e.seq, 0), hash = coalesce(e.hash, '') from ("
        f"select max(seq) as seq, arg_max(hash, seq) as hash from {ALIAS}.ledger.events) as e"
    )


def head_said(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str]] | None:
    """What the fence says the newest event is, a row each; None where there is no fence."""
    if not has_fence(connection):
        return None
    return connection.execute(f"select seq, hash from {HEAD} order by all").fetchall()
