"""What the ledger has of the post: by the ids of sources and senders, and digests of places.

No address, no subject and no path stands in it: a ledger cannot forget.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
BEGINS = {end: kind for kind, end in ENDS.items()}
DAY = timedelta(days=1)


@dataclass
class OnRecord:
    """What has come by the post before now, read once a run and kept up with what is added.

    `collected`, `aside`: words; `last`: the newest bytes of each place; `today`: files by sender;
    `sent`: the bytes of each answer; `bad`: why a source is FAILED or OVER.
    """

    collected: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    last: dict[str, str] = field(default_factory=dict)
    today: Counter[str] = field(default_factory=Counter)
    sent: set[str] = field(default_factory=set)
    bad: dict[tuple[str, str], str] = field(default_factory=dict)

    def has(self, word: str) -> bool:
        """Whether something became of it."""
        return word in self.collected or word in self.aside

    def add(
        self, kind: str, source: str, detail: Mapping[str, object], is_of_today: bool = True
    ) -> None:
        """What an event says."""
        word = str(detail.get("word"))
        if kind == COLLECTED:
            self.collected.add(word)
            self.last[str(detail.get("place"))] = str(detail.get("sha256"))
            if is_of_today:
                self.today[str(detail.get("sender"))] += 1
        elif kind == ASIDE:
            self.aside.add(word)
        elif kind == ANSWERING:
            files = detail.get("sha256")
            self.sent.update(map(str, files) if isinstance(files, list) else ())
        elif kind in ENDS:
            self.bad[kind, source] = str(detail.get("why", ""))
        elif kind in BEGINS:
            self.bad.pop((BEGINS[kind], source), None)


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
    found, since = OnRecord(), clock.now() - DAY
    with reading(settings) as connection:
        for one in ledger.events_of(connection, [COLLECTED, ASIDE, ANSWERING, *ENDS, *BEGINS]):
            found.add(one.kind, one.subject, one.detail, one.at > since)
    return found


def put_on_record(
    settings: Settings,
    kind: str,
    entries: Sequence[tuple[str, dict[str, object]]],
    known: OnRecord | None = None,
) -> None:
    """An event for each source and detail, all or none; `known` has it from then on."""
    if not entries:
        return
    with open_scratch(settings) as connection, writing(settings, connection):
        for source, detail in entries:
            ledger.append(connection, kind, source, detail, clock.now())
    if known is not None:
        for source, detail in entries:
            known.add(kind, source, detail)


def note_state(
    settings: Settings, source: str, fault: str, known: OnRecord, bad: str = FAILED
) -> None:
    """Put on record that a source failed, or is well again, where that is news.

    `bad`: FAILED or OVER.
    """
    if fault != known.bad.get((bad, source), ""):
        detail: dict[str, object] = {"why": fault} if fault else {}
        put_on_record(settings, bad if fault else ENDS[bad], [(source, detail)], known)


def troubles(connection: duckdb.DuckDBPyConnection, since: timedelta) -> Iterator[tuple[int, str]]:
    """What people are told of the post, each with the number of its event."""
    failed: dict[tuple[str, str], ledger.Event] = {}
    for one in ledger.events_of(connection, [ASIDE, *ENDS, *BEGINS]):
        if one.kind != ASIDE:
            failed.pop((BEGINS.get(one.kind, one.kind), one.subject), None)
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
