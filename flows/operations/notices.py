"""What there is to tell people: rejected, held and late returns, blocked releases, failed runs.

Each piece of news has a key, so that it is told once. It names returns, rules and places, and never
quotes a cell; a failure is told by its kind, since a fault's own words may quote anything.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import duckdb

from exports.edition.clearance import ReleaseBlocked
from flows.common import clock
from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.post.answers.on_record import troubles_of_answers
from flows.post.record import troubles
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.slots import status_of

KINDS = {
    "failed": "Runs that failed",
    "blocked": "Releases that are blocked",
    "post": "What did not come or go by the post",
    "rejected": "Returns that were rejected",
    "held": "Returns that wait for a confirmation",
    "late": "Returns that are late",
    "unsure": "Messages that may not have come",
}
UNFORESEEN = "the system failed: look at this run in Prefect."
OF_FILES = "a file or the disk could not be used: social-value doctor looks at them."
STOPPED = "it was stopped before its end; the next run finishes what it began."
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


def list_notices(settings: Settings) -> list[Notice]:
    """Everything that stands to be told now, told before or not, worst first."""
    with reading(settings) as connection:
        found = [
            *_failures(connection),
            *_post(connection),
            *_not_taken(connection),
            *_late(connection, settings),
        ]
    return sorted(found, key=lambda one: list(KINDS).index(one.kind))


def record_failure(settings: Settings, run: str, name: str, error: BaseException | None) -> None:
    """Put on record that a run failed, and why in words that quote nothing of the fault's own.

    A release that is blocked has its reasons instead.
    """
    fault = type(error).__name__ if error is not None else "stopped"
    detail: dict[str, object] = {"run": run, "fault": fault, "why": _why(error)}
    if isinstance(error, ReleaseBlocked):
        detail["reasons"] = [f"{one.what}: {one.detail}" for one in error.reasons]
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, "failed", name, detail, clock.now())


def _why(error: BaseException | None) -> str:
    """What people are told of a run that ended so."""
    if error is None:
        return STOPPED
    if isinstance(error, OSError):
        return OF_FILES
    return (isinstance(error, SocialValueError) and error.notice) or UNFORESEEN


def _failures(connection: duckdb.DuckDBPyConnection) -> Iterator[Notice]:
    rows = connection.execute(
        """
        select seq, "at", subject, json_extract_string(detail, '$.run'),
               json_extract_string(detail, '$.why'), json_exists(detail, '$.reasons'),
               json_extract_string(detail, '$.reasons[*]')
        from warehouse.ledger.events where kind = 'failed' and "at" >= ? order by seq
        """,
        [clock.now() - REMEMBERED],
    ).fetchall()
    for seq, at, subject, run, why, is_blocked, reasons in rows:
        if is_blocked:
            # The same reasons on another day are no news.
            digest = hashlib.sha256("\n".join([subject, *reasons]).encode()).hexdigest()[:12]
            listed = "; ".join(reasons) or "for reasons that publish names"
            text = f"{subject}: {listed}. Mend what is named, or social-value override lets it out."
            yield Notice("blocked", f"blocked/{digest}", text)
        else:
            text = f"{subject} (run {run}) failed on {at:%d %B %Y at %H:%M} UTC: {why}"
            yield Notice("failed", f"failed/{seq}", text)


def _post(connection: duckdb.DuckDBPyConnection) -> Iterator[Notice]:
    for seq, text in troubles(connection, REMEMBERED):
        yield Notice("post", f"post/{seq}", text)
    for kind, seq, text in troubles_of_answers(connection):
        yield Notice(kind, f"answers/{seq}", text)


def _not_taken(connection: duckdb.DuckDBPyConnection) -> Iterator[Notice]:
    rows = connection.execute(_NOT_TAKEN).fetchall()
    for outcome, return_id, attempt, name, sender, period, file, reason in rows:
        slot = " ".join(filter(None, (name, "of", sender or "an unknown sender", period)))
        text = f"{slot}, {file}: {reason}"
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
