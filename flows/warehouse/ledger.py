"""The ledger: what happened, in order, each event carrying the hash of the one before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from flows.common import clock
from flows.warehouse.digests import of_standing
from flows.warehouse.store.lake.fence import move_head

FIRST = "0" * 64


@dataclass(frozen=True)
class Event:
    """An event of the ledger, with its detail read."""

    seq: int
    at: datetime
    kind: str
    subject: str
    detail: dict[str, object]
    hash: str

    @property
    def digests(self) -> dict[str, str]:
        """The digests of the rows that the event added, by table."""
        found = self.detail.get("digests")
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    @property
    def standing(self) -> int:
        """How many rows said what is in force when the event was the newest."""
        return self.number("standing")

    def number(self, name: str) -> int:
        """A number of the detail; 0 where it has none of that name."""
        found = self.detail.get(name)
        return found if isinstance(found, int) else 0

    @property
    def buried(self) -> object:
        """What the event is the tombstone of: `original`, `person rows`, or None."""
        return self.detail.get("what") if self.kind == "disposed" else None


def append(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    subject: str,
    detail: Mapping[str, object],
    at: datetime,
) -> str:
    """Add an event inside the open transaction on the attached warehouse; returns its hash.

    It also carries the digest of what has been put in or out of force since the event before, and
    that the clock was set, where it was. Raises ClockError where a set clock stands before the
    newest event and nobody said why.
    """
    before = newest(connection)
    standing = connection.execute("select max(seq) from warehouse.ledger.standing").fetchone()
    whole = {**detail, "standing": (standing and standing[0]) or 0, **_clock(before, at)}
    was_standing = before.standing if before else 0
    if whole["standing"] != was_standing:
        of_rows = detail.get("digests")
        moved = of_standing(connection, was_standing)
        whole["digests"] = {**(of_rows if isinstance(of_rows, dict) else {}), **moved}
    text = json.dumps(whole, sort_keys=True, default=str)
    seq, previous = (before.seq + 1, before.hash) if before else (1, FIRST)
    digest = event_hash(seq, at, kind, subject, text, previous)
    connection.execute(
        "insert into warehouse.ledger.events values (?, ?, ?, ?, ?, ?, ?)",
        [seq, at, kind, subject, text, previous, digest],
    )
    move_head(connection, seq, digest)
    return digest


def _clock(before: Event | None, at: datetime) -> dict[str, str]:
    """What an event says of a clock that is set; nothing where it is the machine's own."""
    if not clock.is_set():
        return {}
    if before is None or at >= before.at:
        return {"clock": "set"}
    because = clock.backdated_because()
    if not because:
        raise clock.ClockError(
            f"The clock is set to {at:%d %B %Y %H:%M} and the ledger's newest event is of "
            f"{before.at:%d %B %Y %H:%M}: set it right, or say --backdate-because WHY, which is "
            "put on record."
        )
    return {"clock": "set", "backdated_because": because}


def event_hash(seq: int, at: datetime, kind: str, subject: str, detail: str, previous: str) -> str:
    """The SHA-256 that ties an event to its content and to the event before it."""
    content = json.dumps([seq, at.isoformat(), kind, subject, detail, previous])
    return hashlib.sha256(content.encode()).hexdigest()


def head(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash of the newest event."""
    found = newest(connection)
    return found.hash if found else FIRST


def newest(connection: duckdb.DuckDBPyConnection) -> Event | None:
    """The newest event of the attached warehouse, if anything has happened."""
    found = _events(connection, "order by seq desc limit 1")
    return found[0] if found else None


def read_events(connection: duckdb.DuckDBPyConnection) -> list[Event]:
    """Every event of the attached warehouse's ledger, in order."""
    return _events(connection, "order by seq")


def events_of(connection: duckdb.DuckDBPyConnection, kinds: Sequence[str]) -> list[Event]:
    """The events of these kinds, in order."""
    return _events(connection, "where list_contains(?, kind) order by seq", [list(kinds)])


def _events(
    connection: duckdb.DuckDBPyConnection, which: str, given: Sequence[object] = ()
) -> list[Event]:
    rows = connection.execute(
        f'select seq, "at", kind, subject, detail, hash from warehouse.ledger.events {which}',
        list(given),
    ).fetchall()
    return [
        Event(seq, at, kind, subject, as_object(detail), digest)
        for seq, at, kind, subject, detail, digest in rows
    ]


def schemas_of(events: Sequence[Event], newest: int) -> dict[int, int]:
    """The schema whose digests each event carries, by its number; `newest`: the warehouse's own.

    An event keeps the digests it was written with: what `migrated` moves counts from there on.
    """
    found, schema = {}, newest
    for event in reversed(events):
        found[event.seq] = schema
        before = event.detail.get("from")
        if event.kind == "migrated" and isinstance(before, int):
            schema = before
    return found


def as_object(text: str) -> dict[str, object]:
    """JSON as an object, empty where somebody has made it unreadable: its digest says so."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
