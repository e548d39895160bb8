"""`audit check`: the ledger's chain and rows, the archive and the releases, held together.

It says exactly what was touched. What was disposed of by its retention is no fault: the ledger has
its tombstone.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.archive import ArchiveError, NoLongerHeld, original
from flows.warehouse.connection import reading

OF_RETURNS = ("kept", "held", "rejected")


@dataclass(frozen=True)
class Fault:
    """Something that is not as the ledger says: what, where, what should be there and what is."""

    what: str
    where: str
    expected: str
    found: str


@dataclass(frozen=True)
class Event:
    """An event of the ledger, with its detail read."""

    seq: int
    at: datetime
    kind: str
    subject: str
    detail: dict[str, object]
    hash: str


def check(settings: Settings) -> list[Fault]:
    """Every fault there is, in the order chain, ledger rows, archive, releases; none is well."""
    with reading(settings) as connection:
        events = read_events(connection)
        faults = check_records(connection, events)
        held = connection.execute("select sha256 from warehouse.ledger.files order by 1").fetchall()
    gone = {e.detail.get("sha256") for e in events if disposed_of(e) == "original"}
    faults += check_archive(settings, [sha256 for (sha256,) in held if sha256 not in gone])
    for event in events:
        if event.kind == "published":
            faults += check_release(settings, event)
    return faults


def check_records(connection: duckdb.DuckDBPyConnection, told: list[Event]) -> list[Fault]:
    """The faults of the attached warehouse itself: its chain of events, and its rows by them.

    `told`: the events that may say what was disposed of since (those of the whole ledger).
    """
    events = read_events(connection)
    disposed = _tables_disposed_of(told)
    return [
        *_chain(connection),
        *_rows(connection, events, disposed),
        *_tables(connection, events),
    ]


def _chain(connection: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """Each event follows from its content and from the one before it, and none is missing."""
    before, expected = ledger.FIRST, 1
    rows = connection.execute(
        'select seq, "at", kind, subject, detail, previous_hash, hash '
        "from warehouse.ledger.events order by seq"
    ).fetchall()
    for seq, at, kind, subject, detail, previous, digest in rows:
        where = f"event {seq} ({kind} {subject})"
        if seq != expected:
            yield Fault("an event is missing", where, f"event {expected}", f"event {seq}")
        if previous != before:
            yield Fault("the chain is broken", where, before, previous)
        again = ledger.event_hash(seq, at, kind, subject, detail, previous)
        if again != digest:
            yield Fault("an event was changed", where, digest, again)
        before, expected = digest, seq + 1


def read_events(connection: duckdb.DuckDBPyConnection) -> list[Event]:
    """Every event of the attached warehouse's ledger, in order."""
    rows = connection.execute(
        'select seq, "at", kind, subject, detail, hash from warehouse.ledger.events order by seq'
    ).fetchall()
    return [
        Event(seq, at, kind, subject, _read(detail), digest)
        for seq, at, kind, subject, detail, digest in rows
    ]


def _read(detail: str) -> dict[str, object]:
    """The detail, empty where somebody has made it unreadable: the chain says so."""
    try:
        found = json.loads(detail)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _rows(
    connection: duckdb.DuckDBPyConnection, events: list[Event], disposed: dict[str, set[str]]
) -> Iterator[Fault]:
    """The rows of each return are those of its event's digests, and no return lacks an event."""
    known: set[tuple[str, int]] = set()
    for event in events:
        if event.kind not in OF_RETURNS:
            continue
        attempt = int(str(event.detail.get("attempt", 0)))
        known.add((event.subject, attempt))
        then = event.detail.get("digests")
        if not isinstance(then, dict):
            continue
        landed = [n.partition(".")[2] for n in then if n.startswith("landed.")]
        landed = [table for table in landed if table not in disposed.get(event.subject, ())]
        now = ledger.of_return(connection, event.subject, attempt, landed)
        for table, digest in now.items():
            if digest != then.get(table):
                where = f"{table}, rows of return {event.subject}"
                yield Fault("rows were changed", where, str(then.get(table)), digest)
    there = connection.execute(
        "select return_id, attempt from warehouse.ledger.returns order by all"
    ).fetchall()
    for return_id, attempt in there:
        if (return_id, attempt) not in known:
            where = f"ledger.returns, return {return_id}, attempt {attempt}"
            yield Fault("a return has no event", where, "an event of its keeping", "none")


def disposed_of(event: Event) -> object:
    """What the event is the tombstone of: `original`, `person rows`, or None."""
    return event.detail.get("what") if event.kind == "disposed" else None


def _tables_disposed_of(events: list[Event]) -> dict[str, set[str]]:
    """By return, the landed tables whose rows of it went when their retention was over."""
    gone: dict[str, set[str]] = {}
    for event in events:
        rows = event.detail.get("rows")
        if disposed_of(event) == "person rows" and isinstance(rows, dict):
            gone.setdefault(event.subject, set()).update(rows)
    return gone


def _tables(connection: duckdb.DuckDBPyConnection, events: list[Event]) -> Iterator[Fault]:
    """The tables that belong to no one return are as the newest event saw them."""
    if not events:
        return
    then = events[-1].detail.get("tables")
    if not isinstance(then, dict):
        return
    for table, digest in ledger.of_whole_tables(connection).items():
        if digest != then.get(table):
            yield Fault("rows were changed", table, str(then.get(table)), digest)


def check_archive(settings: Settings, held: Iterable[str]) -> Iterator[Fault]:
    """Every original opens, and holds the bytes that its name is the SHA-256 of."""
    for sha256 in held:
        where = f"archive, original {sha256[:12]}"
        try:
            with original(settings, sha256) as path, path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except NoLongerHeld:
            if settings.keep_originals != "none":
                yield Fault("an original is missing", where, sha256, "no file")
        except ArchiveError as error:
            yield Fault("an original was changed", where, sha256, str(error))
        else:
            if found != sha256:
                yield Fault("an original was changed", where, sha256, found)


def check_release(settings: Settings, event: Event) -> Iterator[Fault]:
    """The release of a `published` event is there, with the manifest and files it went out with."""
    folder = settings.published / event.subject
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        yield Fault("a release is missing", event.subject, "manifest.json", "no file")
        return
    found = _sha256(manifest)
    if found != event.detail.get("manifest"):
        where = f"{event.subject}/manifest.json"
        yield Fault("a manifest was changed", where, str(event.detail.get("manifest")), found)
    yield from _files(folder, event.subject, _read(manifest.read_text(encoding="utf-8")))


def _files(folder: Path, name: str, manifest: dict[str, object]) -> Iterator[Fault]:
    outputs = manifest.get("outputs")
    expected = {str(k): str(v) for k, v in outputs.items()} if isinstance(outputs, dict) else {}
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("manifest.json", "receipt.json")
    }
    for path in sorted(expected.keys() | there):
        where = f"{name}/{path}"
        if path not in there:
            yield Fault("a released file is missing", where, expected[path], "no file")
        elif path not in expected:
            yield Fault("a file was added to a release", where, "no file", _sha256(folder / path))
        elif (found := _sha256(folder / path)) != expected[path]:
            yield Fault("a released file was changed", where, expected[path], found)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
