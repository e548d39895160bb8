"""`audit check`: the ledger's chain and rows, the archive, kept rules and releases, held together.

It says exactly what was touched, in both directions: what the ledger says that is not there, and
what is there that the ledger does not say. What was disposed of by its retention is no fault: the
ledger has its tombstone.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb

from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.archive import ArchiveError, NoLongerHeld, original
from flows.warehouse.connection import reading, version_of
from flows.warehouse.digests import (
    ABOUT_A_RETURN,
    FORM,
    NOTHING,
    Part,
    combined,
    digests_by,
    landed_tables,
    row_digests,
)
from flows.warehouse.ledger import Event, read_events
from flows.warehouse.releases import Anchor, Fault, check_anchor, check_published
from flows.warehouse.store.lake.fence import head_said
from flows.warehouse.store.schema import KEYS

OF_RETURNS = ("kept", "held", "rejected")
STEP = timedelta(minutes=5)  # by so much a machine's own clock may be put right


def check(settings: Settings, anchor: Anchor | None = None) -> list[Fault]:
    """Every fault there is, in the order chain, rows, archive, kept rules, releases; none is well.

    `anchor`: what somebody else was told of the ledger, which must still be in its chain.
    """
    with reading(settings) as connection:
        events = read_events(connection)
        faults = [*check_anchor(anchor, events)] if anchor else []
        faults += check_records(connection, events)
        held = connection.execute("select sha256 from warehouse.ledger.files order by 1").fetchall()
    gone = {str(e.detail.get("sha256")) for e in events if e.buried == "original"}
    known = {str(sha256) for (sha256,) in held}
    faults += check_archive(settings, sorted(known - gone))
    faults += _strangers_in_archive(settings, known)
    faults += _rules(settings, events)
    faults += check_published(settings, events)
    return faults


def clock_notes(events: Sequence[Event]) -> list[str]:
    """What is to be known of the clock: that it was set, and that time was said to run back."""
    notes = []
    if touched := [event for event in events if event.detail.get("clock") == "set"]:
        notes.append(
            f"The clock was set for {len(touched)} of {len(events)} events, from event "
            f"{touched[0].seq} ({touched[0].at:%d %B %Y}) to event {touched[-1].seq} "
            f"({touched[-1].at:%d %B %Y})."
        )
    notes += [
        f"Event {event.seq} ({event.kind} {event.subject}) was dated back to "
        f"{event.at:%d %B %Y %H:%M}: {event.detail['backdated_because']}."
        for event in events
        if "backdated_because" in event.detail
    ]
    return notes


def check_records(connection: duckdb.DuckDBPyConnection, later: list[Event]) -> list[Fault]:
    """The faults of the attached warehouse itself: its chain of events, and its rows by them.

    `later`: the events that may say what was disposed of since (those of the whole ledger).
    """
    events = read_events(connection)
    return [
        *_keys(connection),
        *_chain(connection),
        *_fence(connection, events),
        *_times(events),
        *_rows_of_returns(connection, events, later),
        *_standing(connection, events),
        *_found_across(connection, events),
        *_cleared(connection, events),
    ]


def _keys(connection: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """No two rows share what tells rows apart: not every store keeps to it by itself."""
    for table, key in KEYS.items():
        names = ", ".join(key)
        twice = connection.execute(
            f"select {names}, count(*) from warehouse.ledger.{table} group by {names} "
            "having count(*) > 1 order by all"
        ).fetchall()
        for *values, rows in twice:
            where = f"ledger.{table}, {names} {', '.join(map(str, values))}"
            yield Fault("rows share a key", where, "one row", f"{rows} rows")


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


def _fence(connection: duckdb.DuckDBPyConnection, events: list[Event]) -> Iterator[Fault]:
    """Where a lake's fence stands, it names the newest event, and is one row."""
    said = head_said(connection)
    newest = [(events[-1].seq, events[-1].hash)] if events else [(0, "")]
    if said is not None and said != newest:
        yield Fault("the ledger's head is another", "ledger.head", str(newest), str(said))


def _times(events: list[Event]) -> Iterator[Fault]:
    """No event is of an earlier time than the one before, unless somebody said why."""
    for before, event in pairwise(events):
        if event.at < before.at - STEP and "backdated_because" not in event.detail:
            where = f"event {event.seq} ({event.kind} {event.subject})"
            since = f"not before {before.at.isoformat(sep=' ')}"
            yield Fault("time runs backwards", where, since, event.at.isoformat(sep=" "))


def _rows_of_returns(
    connection: duckdb.DuckDBPyConnection, events: list[Event], later: list[Event]
) -> Iterator[Fault]:
    """The rows of each return are those of its event's digests, and no row lacks an event."""
    said = ledger.schemas_of(later, version_of(connection))
    forms = {seq: min(schema, FORM) for seq, schema in said.items()}
    by_form = {form: _digests_there(connection, form) for form in {FORM, *forms.values()}}
    disposed = _tables_disposed_of(later)
    accounted: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    for event in events:
        if event.kind not in OF_RETURNS:
            continue
        attempt = int(str(event.detail.get("attempt", 0)))
        keys: dict[str, tuple[object, ...]] = {
            "ledger.files": (event.detail.get("sha256"),),
            **{f"ledger.{table}": (event.subject, attempt) for table in ABOUT_A_RETURN},
            **{table: (event.subject,) for table in event.digests if table.startswith("landed.")},
        }
        for table, key in keys.items():
            now = by_form[forms[event.seq]][table].get(key, NOTHING)
            accounted[table].add(key)
            expected = event.digests.get(table, NOTHING)
            is_gone = now == NOTHING and table in disposed[event.subject]
            if now != expected and not is_gone:
                where = f"{table}, rows of return {event.subject}"
                yield Fault("rows were changed", where, expected, now)
    for table, found in by_form[FORM].items():
        for key in sorted(found.keys() - accounted[table], key=str):
            name = "file" if table == "ledger.files" else "return"
            where = f"{table}, {name} {', attempt '.join(map(str, key))}"
            yield Fault("rows have no event", where, "an event of their keeping", found[key])


def _digests_there(
    connection: duckdb.DuckDBPyConnection, schema: int
) -> dict[str, dict[tuple[object, ...], str]]:
    """The digests of what is kept of returns, by table and return, as events of a schema say it; a
    table that is not there is empty.
    """
    found: dict[str, dict[tuple[object, ...], str]] = defaultdict(dict)
    found["ledger.files"] = digests_by(connection, "ledger.files", ["sha256"], schema)
    for table in ABOUT_A_RETURN:
        by_return = digests_by(connection, f"ledger.{table}", ["return_id", "attempt"], schema)
        if table == "findings":  # those across returns are of no attempt
            by_return = {key: digest for key, digest in by_return.items() if key[1] != 0}
        found[f"ledger.{table}"] = by_return
    for table in landed_tables(connection):
        landed = digests_by(connection, f"landed.{table}", ["_return_id"], schema)
        found[f"landed.{table}"] = landed
    return found


def _tables_disposed_of(events: list[Event]) -> dict[str, set[str]]:
    """By return, the landed tables whose rows of it went when their retention was over."""
    gone: dict[str, set[str]] = defaultdict(set)
    for event in events:
        rows = event.detail.get("rows")
        if event.buried == "person rows" and isinstance(rows, dict):
            gone[event.subject].update(f"landed.{table}" for table in rows)
    return gone


def _standing(connection: duckdb.DuckDBPyConnection, events: list[Event]) -> Iterator[Fault]:
    """What is in force was put so by the events, each by its own rows."""
    hashes = dict(row_digests(connection, Part("ledger.standing", "true", ()), "seq"))
    was = 0
    for event in events:
        if event.standing != was:
            now = combined(hashes.pop(n) for n in range(was + 1, event.standing + 1) if n in hashes)
            expected = event.digests.get("ledger.standing", NOTHING)
            if now != expected:
                where = f"ledger.standing, rows of event {event.seq} ({event.subject})"
                yield Fault("rows were changed", where, expected, now)
            was = event.standing
    if hashes:
        where = f"ledger.standing, rows {', '.join(map(str, sorted(hashes, key=str)))}"
        yield Fault("rows have no event", where, "an event", combined(hashes.values()))


def _found_across(connection: duckdb.DuckDBPyConnection, events: list[Event]) -> Iterator[Fault]:
    """The findings across returns are those of the looks that found them."""
    part = Part("ledger.findings", "attempt = 0", ())
    there: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    for name, at, digest in row_digests(connection, part, "finding_id, found_at"):
        there[name, at].append(digest)
    for event in events:
        if event.kind != "compared":
            continue
        found = [(name, event.at) for name in _names(event, "found")]
        now = combined({row for key in found for row in there.get(key, [])})
        expected = event.digests.get("ledger.findings", NOTHING)
        if now != expected:
            where = f"ledger.findings, found by event {event.seq}"
            yield Fault("rows were changed", where, expected, now)
        for key in found:
            if there[key]:
                there[key].pop()
    left = sorted(name for (name, _), digests in there.items() if digests)
    if left:
        where = f"ledger.findings, {', '.join(left[:5])}"
        yield Fault("rows have no event", where, "a look that found them", f"{len(left)} rows")


def _cleared(connection: duckdb.DuckDBPyConnection, events: list[Event]) -> Iterator[Fault]:
    """A finding is cleared by a look that no longer found it, or by a confirmation, and so only."""
    looked = {(n, e.at) for e in events if e.kind == "compared" for n in _names(e, "cleared")}
    confirmed = {(e.subject, e.at) for e in events if e.kind == "confirmed"}
    rows = connection.execute(
        "select finding_id, return_id, severity, attempt, cleared_at "
        "from warehouse.ledger.findings where cleared_at is not null order by all"
    ).fetchall()
    for finding, return_id, severity, attempt, at in rows:
        by_look = attempt == 0 and (finding, at) in looked
        if not by_look and not (severity == "hold" and (return_id, at) in confirmed):
            where = f"ledger.findings, finding {finding} of {return_id}"
            yield Fault("a finding was cleared", where, "an event that cleared it", f"at {at}")
    there = {(finding, at) for finding, _, _, _, at in rows}
    for finding, at in sorted(looked - there):
        where = f"ledger.findings, finding {finding}"
        yield Fault("a finding was opened again", where, f"cleared at {at}", "open")


def _names(event: Event, what: str) -> list[str]:
    names = event.detail.get(what)
    return [str(name) for name in names] if isinstance(names, list) else []


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


def _strangers_in_archive(settings: Settings, known: set[str]) -> Iterator[Fault]:
    """Whatever lies in the archive is the original of a file that the ledger knows."""
    for path in sorted(settings.archive.rglob("*")):
        place = path.relative_to(settings.archive).as_posix()
        is_known = path.name in known and place == f"{path.name[:2]}/{path.name}"
        if not path.is_dir() and not is_known and not path.name.endswith(".partial"):
            yield Fault("a file was added to the archive", f"archive/{place}", "no file", "a file")


def _rules(settings: Settings, events: Iterable[Event]) -> Iterator[Fault]:
    """What returns were judged by, and an authority's models that releases were made by, is kept,
    and each file of it is what its name is the digest of.

    One that no event names is no fault: a run that was killed keeps rules before it keeps a return.
    """
    folder = settings.audit / "rules"
    there = {path.name: path for path in folder.glob("*") if not path.name.endswith(".partial")}
    for name, path in sorted(there.items()):
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
        if found != name:
            yield Fault("a kept rule was changed", f"audit/rules/{name}", name, found)
    wanted = {digest for event in events for digest in _judged_by(event)}
    wanted |= {one for name in wanted & there.keys() for one in _listed(there[name])}
    for digest in sorted(wanted - there.keys()):
        yield Fault("a kept rule is missing", f"audit/rules/{digest}", digest, "no file")


def _listed(path: Path) -> list[str]:
    """The digests of suites that a file lists, which several suites have; of any other none."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    is_list = re.fullmatch(r"([0-9a-f]{64}){2,}", text) is not None
    return re.findall(".{64}", text) if is_list else []


def _judged_by(event: Event) -> Iterator[str]:
    """The digests of the contract, the suites and the seeds that a return was judged by, and of the
    authority's models that a release was made by.
    """
    models = event.detail.get("models")
    yield from map(str, models.values() if isinstance(models, dict) else ())
    rules = event.detail.get("judged_by")
    if isinstance(rules, dict):
        seeds = rules.get("seeds")
        named = [rules.get("contract"), rules.get("suites")]
        yield from (str(one) for one in named if one)
        yield from map(str, seeds.values() if isinstance(seeds, dict) else ())
