"""What becomes of a file: kept, refused, or settled by what was kept of it before.

The files of a batch are kept in one transaction, and each in its own where one of them cannot be;
when every batch before it in the sweep is kept or has failed.
"""

from collections.abc import Sequence

import duckdb

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.errors import Rejected
from flows.common.search_path import stand_with
from flows.intake.answers.answer import write_marked, write_refusal
from flows.intake.answers.marked_copy import Mark
from flows.intake.batch import Batch, Judged, Known, Landed, Refused
from flows.intake.redaction import UNFORESEEN, is_of_one_file, unforeseen
from flows.intake.strays import why_doubt
from flows.intake.submission import Ingested, Outcome
from flows.returns.derive import landed_columns
from flows.warehouse import ledger
from flows.warehouse.connection import held, transaction
from flows.warehouse.copies.reinstate import reinstate
from flows.warehouse.filing import Counts, Filing, Kept, Step
from flows.warehouse.in_force import KnownReturn, known_of, same_bytes_in_force
from flows.warehouse.keep import keep, keep_rejection
from flows.warehouse.slots import parts_owed

CameTo = (
    Judged | Refused | Known | Ingested
)  # how far a file of a batch has come when it may be kept


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


def keep_batch(judged: Sequence[CameTo], batch: Batch) -> list[Ingested]:
    """Keep every file of a batch when its turn has come: in their order, what became of each.

    One that cannot be kept for a reason that nobody foresaw is answered so; the others are kept.
    """
    answers = [one for one in judged if isinstance(one, Ingested)]
    if len(answers) == len(judged):
        return answers
    batch.turn()
    with held(batch.settings, batch.scratch), batch.scratch.cursor() as connection:
        return _keep_together(judged, connection, batch)


def _keep_together(
    judged: Sequence[CameTo],
    connection: duckdb.DuckDBPyConnection,
    batch: Batch,
) -> list[Ingested]:
    """Keep all in one transaction, which costs hardly more than one; else each alone."""
    try:
        with transaction(connection):
            return [_kept(one, connection, batch) for one in judged]
    except Exception as error:
        if not is_of_one_file(error):
            raise
    return [_kept_alone(one, connection, batch) for one in judged]


def _kept_alone(one: CameTo, connection: duckdb.DuckDBPyConnection, batch: Batch) -> Ingested:
    try:
        with transaction(connection):
            return _kept(one, connection, batch)
    except Exception as error:
        if not isinstance(one, Judged) or not is_of_one_file(error):
            raise
        refused = refuse(one.landed, unforeseen(error, one.landed.file.name), batch)
    with transaction(connection):
        return keep_refusal(refused, connection, batch)


def _kept(one: CameTo, connection: duckdb.DuckDBPyConnection, batch: Batch) -> Ingested:
    """What became of a file, once it is kept in the open transaction."""
    if isinstance(one, Ingested):
        return one
    if isinstance(one, Refused):
        return keep_refusal(one, connection, batch)
    if isinstance(one, Known):
        return settle(one, connection, batch)
    stand_with(connection, one.connection)
    return keep_file(one, connection, batch)


def keep_file(one: Judged, connection: duckdb.DuckDBPyConnection, batch: Batch) -> Ingested:
    """Keep everything of a file, or settle it where someone else has kept it meanwhile.

    `connection` stands in the file's own database.
    """
    filing = one.landed.filing
    columns = {name: landed_columns(batch.contract.tables[name].columns) for name in one.tables}
    steps = [*one.landed.steps, Step("keep", "done", "committed")]
    known = earlier_returns(connection, one.landed, batch)
    if _kept_meanwhile(known, filing):
        return settle(Known(one.landed, known), connection, batch)
    doubt = why_doubt(connection, batch.contract, one.covered, filing)
    share = batch.settings.hold_if_dropping
    parts = (
        parts_owed(places_in_use(batch.settings).seeds, filing.return_name, filing.sender)
        if filing.part
        else ()
    )
    kept = keep(connection, filing, one.counts, columns, steps, share, doubt, parts)
    return _summary(filing, kept)


def refuse(one: Landed, rejected: Rejected, batch: Batch, marks: Sequence[Mark] = ()) -> Refused:
    """Write the rejection as the answer to the sender; it is still to be kept."""
    filing, settings = one.filing, batch.settings
    note = ""
    if rejected.step not in ("read", UNFORESEEN):  # else there is nothing to mark
        note = write_marked(settings, filing, batch.contract, one.file, marks, rejected.reason)
    write_refusal(settings, filing, rejected.reason, note)
    return Refused(one, rejected)


def keep_refusal(one: Refused, connection: duckdb.DuckDBPyConnection, batch: Batch) -> Ingested:
    """Keep a rejection, unless someone else has kept the file meanwhile."""
    filing, owner, why = one.landed.filing, one.landed.owner, one.why
    period = owner.given_period or owner.name_period
    steps = [*one.landed.steps, Step(why.step, "failed", why.reason)]
    earlier = earlier_returns(connection, one.landed, batch)
    if _kept_meanwhile(earlier, filing):
        return settle(Known(one.landed, earlier), connection, batch)
    label = period.label if period else ""
    kept = keep_rejection(connection, filing, label, why.reason, steps)
    if why.step == UNFORESEEN:
        tell_of_it(connection, kept, filing)
    return _summary(filing, [kept])


def tell_of_it(connection: duckdb.DuckDBPyConnection, kept: Kept, filing: Filing) -> None:
    """Put on record what those who look after the software must be told: a notice is made of it."""
    detail = {"run": kept.return_id, "fault": UNFORESEEN, "why": kept.reason}
    ledger.append(connection, "failed", f"A file of {filing.return_name}", detail, clock.now())


def settle(one: Known, connection: duckdb.DuckDBPyConnection, batch: Batch) -> Ingested:
    """What becomes of a file that was judged before: a duplicate, or put back in force."""
    if refused := refused_before(one):
        return refused
    share = batch.settings.hold_if_dropping
    outcome, reason = reinstate(connection, one.earlier, one.landed.filing, share)
    return _as_before(one, outcome, reason)


def refused_before(one: Known) -> Ingested | None:
    """The answer to a file that was rejected whenever it came: nothing is to be kept of it."""
    if any(known.outcome != "rejected" for known in one.earlier):
        return None
    return _as_before(one, "rejected", one.earlier[0].reason)


def _as_before(one: Known, outcome: Outcome, reason: str | None) -> Ingested:
    filing, known = one.landed.filing, one.earlier
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
