"""What becomes of a file: kept, refused, or settled by what was kept of it before.

Every file has a transaction of its own; those of a batch are kept while the warehouse is held once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.errors import Rejected
from flows.intake.answers.answer import write_marked, write_refusal
from flows.intake.answers.marked_copy import Mark
from flows.intake.batch import Batch, Judged, Landed
from flows.intake.redaction import UNFORESEEN, is_of_one_file, unforeseen
from flows.intake.strays import why_doubt
from flows.intake.submission import Ingested, Outcome
from flows.returns.derive import landed_columns
from flows.warehouse import ledger
from flows.warehouse.connection import held, transaction, writing
from flows.warehouse.copies.reinstate import reinstate
from flows.warehouse.filing import Counts, Filing, Kept, Step
from flows.warehouse.in_force import KnownReturn, known_of, same_bytes_in_force
from flows.warehouse.keep import keep, keep_rejection
from flows.warehouse.slots import parts_owed


@dataclass(frozen=True)
class KeptMeanwhile:
    """A file that someone else kept between its look-up and now."""

    filing: Filing
    earlier: list[KnownReturn]


@dataclass(frozen=True)
class NotKept:
    """A file that could not be kept, for a reason that nobody foresaw."""

    landed: Landed
    error: Exception


def earlier_returns(
    connection: duckdb.DuckDBPyConnection, one: Landed, batch: Batch
) -> list[KnownReturn]:
    """What the attached warehouse knows of a file, or of the same bytes under another name.

    A part that was named on the command line is meant; one in a file's name may be a copy's.
    """
    filing, submission = one.filing, one.submission
    known = known_of(connection, filing.filing_id)
    if (
        known
        or submission.hints.part is not None
        or submission.hints.period is not None
        or submission.again
    ):
        return known
    period = one.owner.name_period if batch.contract.period.column is None else None
    label = period.label if period else None
    return same_bytes_in_force(connection, filing.return_name, filing.sender, filing.sha256, label)


def keep_batch(judged: Sequence[Judged | Ingested], batch: Batch) -> list[Ingested]:
    """Keep every judged file of a batch, or settle it where someone else has kept it meanwhile.

    One that cannot be kept for a reason that nobody foresaw is answered so; the others are kept.
    """
    answers = [one for one in judged if isinstance(one, Ingested)]
    if len(answers) == len(judged):
        return answers
    with held(batch.settings, batch.scratch):
        kept = [_kept_or_why(one, batch) if isinstance(one, Judged) else one for one in judged]
    return [_answered(one, batch) for one in kept]


def _kept_or_why(one: Judged, batch: Batch) -> Ingested | KeptMeanwhile | NotKept:
    try:
        return keep_file(one, batch)
    except Exception as error:
        if not is_of_one_file(error):
            raise
        return NotKept(one.landed, error)


def _answered(one: Ingested | KeptMeanwhile | NotKept, batch: Batch) -> Ingested:
    if isinstance(one, KeptMeanwhile):
        return settle(one.earlier, one.filing, batch)
    if isinstance(one, NotKept):
        return reject(one.landed, unforeseen(one.error, one.landed.file.name), batch)
    return one


def keep_file(one: Judged, batch: Batch) -> Ingested | KeptMeanwhile:
    """Keep everything of a file in one transaction, unless someone else has kept it meanwhile."""
    connection, filing = one.connection, one.landed.filing
    columns = {name: landed_columns(batch.contract.tables[name].columns) for name in one.tables}
    steps = [*one.landed.steps, Step("keep", "done", "committed")]
    with transaction(connection):
        known = earlier_returns(connection, one.landed, batch)
        if _kept_meanwhile(known, filing):
            return KeptMeanwhile(filing, known)
        doubt = why_doubt(connection, batch.contract, one.covered, filing)
        share = batch.settings.hold_if_dropping
        parts = (
            parts_owed(places_in_use(batch.settings).seeds, filing.return_name, filing.sender)
            if filing.part
            else ()
        )
        kept = keep(connection, filing, one.counts, columns, steps, share, doubt, parts)
        return _summary(filing, kept)


def reject(one: Landed, rejected: Rejected, batch: Batch, marks: Sequence[Mark] = ()) -> Ingested:
    """Keep the rejection as the answer to the sender."""
    filing, settings = one.filing, batch.settings
    period = one.owner.given_period or one.owner.name_period
    steps = [*one.steps, Step(rejected.step, "failed", rejected.reason)]
    note = ""
    if rejected.step not in ("read", UNFORESEEN):  # else there is nothing to mark
        note = write_marked(settings, filing, batch.contract, one.file, marks, rejected.reason)
    write_refusal(settings, filing, rejected.reason, note)
    with writing(settings, batch.scratch):
        earlier = earlier_returns(batch.scratch, one, batch)
        if not _kept_meanwhile(earlier, filing):
            label = period.label if period else ""
            kept = keep_rejection(batch.scratch, filing, label, rejected.reason, steps)
            if rejected.step == UNFORESEEN:
                tell_of_it(batch.scratch, kept, filing)
            return _summary(filing, [kept])
    return settle(earlier, filing, batch)


def tell_of_it(connection: duckdb.DuckDBPyConnection, kept: Kept, filing: Filing) -> None:
    """Put on record what those who look after the software must be told: a notice is made of it."""
    detail = {"run": kept.return_id, "fault": UNFORESEEN, "why": kept.reason}
    ledger.append(connection, "failed", f"A file of {filing.return_name}", detail, clock.now())


def settle(known: list[KnownReturn], filing: Filing, batch: Batch) -> Ingested:
    """What becomes of a file that was judged before: a duplicate, or put back in force."""
    outcome: Outcome
    if all(one.outcome == "rejected" for one in known):
        outcome, reason = "rejected", known[0].reason
    else:
        with writing(batch.settings, batch.scratch):
            share = batch.settings.hold_if_dropping
            outcome, reason = reinstate(batch.scratch, known, filing, share)
    return Ingested(
        filing.file_name,
        filing.return_name,
        outcome,
        reason,
        filing.sender,
        _span([one.period for one in known]),
        filing.filing_id,
        [one.return_id for one in known],
    )


def _kept_meanwhile(known: list[KnownReturn], filing: Filing) -> bool:
    """Whether what is known was not known when the file was looked up."""
    return any(one.attempt >= filing.attempt for one in known)


def _summary(filing: Filing, kept: list[Kept]) -> Ingested:
    """One answer for the file: held if any of its returns is."""
    outcome: Outcome = next((one.outcome for one in kept if one.outcome != "loaded"), "loaded")
    return Ingested(
        filing.file_name,
        filing.return_name,
        outcome,
        next((one.reason for one in kept if one.reason), None),
        filing.sender,
        _span([one.period for one in kept]),
        filing.filing_id,
        [one.return_id for one in kept],
        sum((one.counts for one in kept), Counts()),
    )


def _span(periods: list[str]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
