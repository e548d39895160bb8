"""What the ledger has of the post: by the ids of sources and senders, and digests of places.

No address, no subject and no path stands in it: a ledger cannot forget.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import duckdb

from flows.common import clock
from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, reading, writing

COLLECTED, ASIDE, FAILED, WELL = "collected", "set aside", "not collected", "collected again"
OVER, WITHIN = "over its bounds", "within its bounds"
ANSWERING = "answering"  # with the digest of each file that goes out
ENDS = {FAILED: WELL, OVER: WITHIN}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class OnRecord:
    """What has come by the post before now.

    `collected`, `aside`: words; `last`: the newest bytes of each place; `today`: files by sender;
    `sent`: the bytes of each answer.
    """

    collected: frozenset[str]
    aside: frozenset[str]
    last: dict[str, str]
    today: Counter[str] = field(default_factory=Counter)
    sent: frozenset[str] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """Every word that something became of."""
        return self.collected | self.aside


@dataclass(frozen=True)
class Origin:
    """By which source a file came, whose it is, and when it was put there."""

    source: str
    sender: str
    return_name: str
    put_there: str
    collected_at: str


def on_record(settings: Settings) -> OnRecord:
    """What the ledger has."""
    with reading(settings) as connection:
        rows = ledger.events_of(connection, [COLLECTED, ASIDE, ANSWERING])
    collected, aside, last, today = set[str](), set[str](), dict[str, str](), Counter[str]()
    since, sent = clock.now() - DAY, set[str]()
    for one in rows:
        if one.kind == ANSWERING:
            files = one.detail.get("sha256")
            sent.update(map(str, files) if isinstance(files, list) else ())
            continue
        word = str(one.detail.get("word"))
        if one.kind == ASIDE:
            aside.add(word)
            continue
        collected.add(word)
        last[str(one.detail.get("place"))] = str(one.detail.get("sha256"))
        if one.at > since:
            today[str(one.detail.get("sender"))] += 1
    return OnRecord(frozenset(collected), frozenset(aside), last, today, frozenset(sent))


def put_on_record(
    settings: Settings, kind: str, entries: Sequence[tuple[str, dict[str, object]]]
) -> None:
    """An event for each source and detail, all or none."""
    if entries:
        with open_scratch(settings) as connection, writing(settings, connection):
            for source, detail in entries:
                ledger.append(connection, kind, source, detail, clock.now())


def note_state(settings: Settings, source: str, fault: str, bad: str = FAILED) -> None:
    """Put on record that a source failed, or is well again, where that is news.

    `bad`: FAILED or OVER.
    """
    good = ENDS[bad]
    with reading(settings) as connection:
        before = [one for one in ledger.events_of(connection, [bad, good]) if one.subject == source]
    was = str(before[-1].detail.get("why", "")) if before and before[-1].kind == bad else ""
    if fault != was:
        detail: dict[str, object] = {"why": fault} if fault else {}
        put_on_record(settings, bad if fault else good, [(source, detail)])


def troubles(connection: duckdb.DuckDBPyConnection, since: timedelta) -> Iterator[tuple[int, str]]:
    """What people are told of the post, each with the number of its event."""
    failed: dict[tuple[str, str], ledger.Event] = {}
    begins = {end: kind for kind, end in ENDS.items()}
    for one in ledger.events_of(connection, [ASIDE, *ENDS, *begins]):
        if one.kind != ASIDE:
            failed.pop((begins.get(one.kind, one.kind), one.subject), None)
        if one.kind in ENDS:
            failed[one.kind, one.subject] = one
        if one.kind == ASIDE and one.at > clock.now() - since:
            why = one.detail.get("why")
            yield one.seq, f"{one.subject}, a file of {one.at:%d %B %Y} was set aside: {why}"
    yield from ((one.seq, str(one.detail.get("why"))) for one in failed.values())


def origins(connection: duckdb.DuckDBPyConnection, sha256: Sequence[str]) -> list[Origin]:
    """By which sources files of these bytes came, in order."""
    return [
        Origin(
            one.subject,
            str(one.detail["sender"]),
            str(one.detail["return"]),
            str(one.detail["put_there"]),
            one.at.isoformat(),
        )
        for one in ledger.events_of(connection, [COLLECTED])
        if one.detail.get("sha256") in sha256
    ]
