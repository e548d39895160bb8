"""The ledger: what happened, in order, each event carrying the hash of the one before."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

import duckdb

from flows.warehouse.digests import of_whole_tables

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
