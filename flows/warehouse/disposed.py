"""What the ledger says was disposed of is taken away, by runs that may be killed at any moment.

A tombstone is set in the transaction that deletes the rows; all else goes afterwards. Whether it
has gone is told by what is there: an original, answers, and of rows the event `forgotten`, which
says up to which tombstone nothing is left of them in the store's files.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import duckdb

from flows.common import clock
from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.archive import is_held, path_in_archive
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.store.chosen import store_of

FORGOTTEN = "forgotten"
What = Literal["original", "answers", "person rows"]


@dataclass(frozen=True)
class RegisteredReturn:
    """A return in the registry, with what there may be to dispose of."""

    return_id: str
    filing_id: str
    return_name: str
    sender: str
    period: str
    sha256: str
    size_bytes: int
    received_at: datetime


@dataclass(frozen=True)
class Due:
    """What of a return is due to go, since when, and on whose authority.

    `tombstone`: the number of the event that says it was disposed of; 0 where none does yet.
    """

    what: What
    kept: RegisteredReturn
    rows: dict[str, int]
    since: date
    authority: str
    tombstone: int = 0

    def as_row(self) -> dict[str, object]:
        """For a listing: no more than the tombstone says."""
        return {
            "what": f"left of {self.what}" if self.tombstone else self.what,
            "return": self.kept.return_name,
            "return_id": self.kept.return_id,
            "sender": self.kept.sender,
            "period": self.kept.period,
            "sha256": self.kept.sha256,
            "rows": sum(self.rows.values()),
            "due_since": self.since.isoformat(),
            "authority": self.authority,
        }


Answers = dict[tuple[str, str], list[Path]]


def registry(connection: duckdb.DuckDBPyConnection) -> list[RegisteredReturn]:
    """Every return of the attached warehouse, in the order they came."""
    rows = connection.execute(
        'select return_id, filing_id, "return", sender, period, r.sha256, size_bytes, received_at '
        "from warehouse.ledger.returns as r join warehouse.ledger.files using (sha256) "
        "order by received_at, return_id"
    ).fetchall()
    return [RegisteredReturn(*row) for row in rows]


def answers_there(settings: Settings) -> Answers:
    """The files of answers, by return and filing: they quote the original, so they go with it."""
    found: Answers = defaultdict(list)
    for path in settings.quarantine.glob("*/[!.]*"):
        name = path.name.partition(".")[0]
        for filing in (name, name.rpartition("-")[0]):  # a second attempt's has a number
            found[path.parent.name, filing].append(path)
    return found


def begun(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    kept: list[RegisteredReturn],
    answers: Answers,
) -> list[Due]:
    """What has its tombstone and may still be there, since whoever set it came no further."""
    by_id = {one.return_id: one for one in kept}
    events = ledger.events_of(connection, ["disposed", FORGOTTEN])
    forgotten = max((event.number("up_to") for event in events), default=0)
    stones = [
        Due(
            "person rows" if event.buried == "person rows" else "original",
            by_id[event.subject],
            _rows(event),
            event.at.date(),
            str(event.detail.get("authority")),
            event.seq,
        )
        for event in events
        if event.buried and event.subject in by_id
    ]
    return [
        one
        for one in stones
        if (one.what == "person rows" and one.tombstone > forgotten)
        or (one.what == "original" and _is_there(one, settings, answers))
    ]


def _rows(event: ledger.Event) -> dict[str, int]:
    rows = event.detail.get("rows")
    return {str(table): int(n) for table, n in rows.items()} if isinstance(rows, dict) else {}


def _is_there(due: Due, settings: Settings, answers: Answers) -> bool:
    one = due.kept
    return is_held(settings, one.sha256) or (one.return_name, one.filing_id) in answers


def finish(settings: Settings, by: str) -> None:
    """Take away what has its tombstone and is still there, and put on record that rows have gone.

    Files go first: where the disk is full, there is room then to write the store anew.
    """
    answers = answers_there(settings)
    with reading(settings) as connection:
        left = begun(connection, settings, registry(connection), answers)
    rows = [one for one in left if one.what == "person rows"]
    for one in left:
        if one not in rows:
            _remove_answers(one, answers)
            path_in_archive(settings, one.kept.sha256).unlink(missing_ok=True)
    if not rows:
        return
    store_of(settings).forget_deleted({table for one in rows for table in one.rows})
    settings.restricted.unlink(missing_ok=True)  # the next build makes it of what is left
    detail = {"up_to": max(one.tombstone for one in rows), "by": by}
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, FORGOTTEN, "person rows", detail, clock.now())


def _remove_answers(due: Due, answers: Answers) -> None:
    for path in answers.get((due.kept.return_name, due.kept.filing_id), []):
        path.unlink(missing_ok=True)
