"""What there is to tell people: rejected, held and late returns, blocked releases, failed runs.

Each piece of news has a key, so that it is told once. It names returns, rules and places, and never
quotes a cell; a failure is told by its kind, since a fault's own words may quote anything.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import duckdb

from flows.common import clock
from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.slots import status_of

KINDS = {
    "failed": "Runs that failed",
    "blocked": "Releases that are blocked",
    "rejected": "Returns that were rejected",
    "held": "Returns that wait for a confirmation",
    "late": "Returns that are late",
    "unsure": "Messages that may not have come",
}
FAULTS = {  # by the class's name; nothing of the fault's own words
    "WarehouseBusy": "another run held the warehouse for too long; it is tried again by itself.",
    "WarehouseTooNew": "the warehouse was made by a later version: update the software.",
    "BuildFailed": "a model or a test failed; the analysts' tables stay as they were.",
    "DeclarationError": "a contract, suite or table cannot be read: social-value doctor names it.",
    "KeyFault": "the key cannot be used: social-value doctor says why.",
    "NothingToPublish": "there is nothing to publish for the period.",
    "NotTold": "people could not be told of something: social-value notify says what.",
    "OSError": "a file or the disk could not be used: social-value doctor looks at them.",
    "NotAsRecorded": "something is not as recorded: social-value audit check names it.",
    "stopped": "it was stopped before its end; the next run finishes what it began.",
}
REMEMBERED = timedelta(days=14)  # how long a failure is still news

# The newest judgement of each file that is not loaded, and that no good sending has answered.
_NOT_TAKEN = """
    select r.outcome, r.return_id, r.attempt, r."return", r.sender, r.period, r.file_name, r.reason
    from warehouse.ledger.returns as r
    where r.outcome in ('rejected', 'held')
      and r.attempt = (select max(attempt) from warehouse.ledger.returns as newer
                       where newer.filing_id = r.filing_id)
      and not exists (
        select 1 from warehouse.ledger.standing as s
        where s.return_id = r.return_id and r.outcome = 'held')
      and not exists (
        select 1 from warehouse.ledger.returns as good
        where good."return" = r."return" and good.sender = r.sender and good.period = r.period
          and good.part = r.part and good.period <> '' and good.outcome = 'loaded'
          and (good.received_at > r.received_at
               or good.received_at = r.received_at and r.outcome = 'rejected'))
    order by r.received_at, r.return_id
"""


@dataclass(frozen=True)
class Notice:
    """One thing to tell: `key` is the same whenever it is asked for."""

    kind: str
    key: str
    text: str


def news(settings: Settings) -> list[Notice]:
    """Everything that stands to be told now, told before or not, worst first."""
    with reading(settings) as connection:
        found = [*_failures(connection), *_not_taken(connection), *_late(connection, settings)]
    return sorted(found, key=lambda one: list(KINDS).index(one.kind))


def record_failure(settings: Settings, run: str, name: str, error: BaseException | None) -> None:
    """Put on record that a run failed, by its kind; a release that is blocked with its reasons."""
    kind = type(error).__name__ if error is not None else "stopped"
    if isinstance(error, OSError):
        kind = "OSError"
    reasons = getattr(error, "reasons", []) if kind == "ReleaseBlocked" else []
    detail = {
        "run": run,
        "fault": kind,
        "reasons": [f"{one.what}: {one.detail}" for one in reasons],
    }
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, "failed", name, detail, clock.now())


def _failures(connection: duckdb.DuckDBPyConnection) -> Iterator[Notice]:
    rows = connection.execute(
        """
        select seq, "at", subject, json_extract_string(detail, '$.run'),
               json_extract_string(detail, '$.fault'),
               json_extract_string(detail, '$.reasons[*]')
        from warehouse.ledger.events where kind = 'failed' and "at" >= ? order by seq
        """,
        [clock.now() - REMEMBERED],
    ).fetchall()
    for seq, at, subject, run, fault, reasons in rows:
        if fault == "ReleaseBlocked":
            # The same reasons on another day are no news.
            told = hashlib.sha256("\n".join([subject, *reasons]).encode()).hexdigest()[:12]
            why = "; ".join(reasons) or "for reasons that publish names"
            text = f"{subject}: {why}. Mend what is named, or social-value override lets it out."
            yield Notice("blocked", f"blocked/{told}", text)
        else:
            why = FAULTS.get(fault, "the system failed: look at this run in Prefect.")
            text = f"{subject} (run {run}) failed on {at:%d %B %Y at %H:%M} UTC: {why}"
            yield Notice("failed", f"failed/{seq}", text)


def _not_taken(connection: duckdb.DuckDBPyConnection) -> Iterator[Notice]:
    rows = connection.execute(_NOT_TAKEN).fetchall()
    for outcome, return_id, attempt, name, sender, period, file, reason in rows:
        whose = " ".join(filter(None, (name, "of", sender or "an unknown sender", period)))
        text = f"{whose}, {file}: {reason}"
        if outcome == "held":
            text += f" (social-value confirm {return_id})"
        yield Notice(outcome, f"{outcome}/{return_id}/{attempt}", text)


def _late(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[Notice]:
    today = clock.now().date().isoformat()
    for row in status_of(connection, settings):
        due = row["due"]
        if row["outcome"] == "missing" and due is not None and str(due) < today:
            slot = [str(row[name]) for name in ("return", "sender", "period", "part")]
            part = f", part {row['part']}" if row["part"] else ""
            text = f"{slot[0]} of {slot[1]} {slot[2]}{part} was due on {due} and has not come."
            yield Notice("late", "/".join(("late", *slot)), text)
