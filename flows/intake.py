"""A return's way in: land, identify, read, match, type, judge, keep.

Plain functions that a test or a notebook can call; `flows/ingest.py` runs them under Prefect.
The warehouse is opened only to look a file up and to keep what was judged; in between, the
return has a scratch database of its own.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from expectations.suite import Suite, digest_of, read_suites
from flows import clock
from flows.answer import write_answer, write_marked, write_refusal
from flows.hiding import no_cells_in_faults
from flows.intake_result import Ingested, Outcome, Sent
from flows.judging import gather
from flows.marking import Mark, marks_of, rows_lost
from flows.returns.contract import Contract, read_contracts
from flows.returns.deriving import landed_columns
from flows.returns.file import File, look_at
from flows.returns.header import Header
from flows.returns.identity import Whose, filing_id, slug, whose
from flows.returns.period import Covered
from flows.returns.rejection import Rejected
from flows.settings import Settings
from flows.steps import (
    Tables,
    date_tables,
    derive_tables,
    judge_tables,
    read,
    sort_tables,
    type_tables,
)
from flows.warehouse import door
from flows.warehouse.archive import original, put_in_archive
from flows.warehouse.keep import Counts, Filing, Kept, Step, counts_by_period, keep, keep_rejection
from flows.warehouse.reinstate import reinstate
from flows.warehouse.seeds import load_seeds
from flows.warehouse.standing import Known, known_of, same_bytes_in_force


@dataclass(frozen=True)
class Rules:
    """The contracts and suites in use."""

    contracts: dict[str, Contract]
    suites: dict[str, Suite]

    def of(self, return_name: str) -> dict[str, Suite]:
        """The suite of each table of the return, by the name that its rows land under."""
        return {name: self.suites[name] for name in self.contracts[return_name].tables}


def read_rules(settings: Settings) -> Rules:
    """Every contract and suite. Raises DeclarationError, which names file and line."""
    return Rules(read_contracts(settings.contracts), read_suites(settings.suites))


@dataclass(frozen=True)
class Opened:
    """A file whose rows stand, typed and dated, in a scratch database of its own."""

    connection: duckdb.DuckDBPyConnection
    sent: Sent
    filing: Filing
    owner: Whose
    file: File
    tables: Tables
    covered: Covered
    steps: list[Step]


def take_in(sent: Sent, rules: Rules, settings: Settings) -> Ingested:
    """Take one file in, and say what became of it.

    Nothing of a file is in the warehouse until all of it is; a file that cannot be taken is
    answered with a rejection, which is kept too. Raises only where the system itself fails.
    """
    return take_in_together([sent], rules, settings)[0]


def take_in_together(sents: Sequence[Sent], rules: Rules, settings: Settings) -> list[Ingested]:
    """Take in files of one return and of different slots; they are judged as one batch.

    Each has its own outcome, findings and transaction, as if it had come alone.
    """
    contract = rules.contracts[sents[0].return_name]
    suites = rules.of(contract.return_name)
    with no_cells_in_faults(contract), ExitStack() as closing:
        opened = [open_file(sent, contract, suites, settings, closing) for sent in sents]
        read_ones = [one for one in opened if isinstance(one, Opened)]
        judge_tables([(one.connection, one.tables) for one in read_ones], suites, settings)
        return [
            finish(one, contract, suites, settings) if isinstance(one, Opened) else one
            for one in opened
        ]


def open_file(
    sent: Sent, contract: Contract, suites: dict[str, Suite], settings: Settings, closing: ExitStack
) -> Opened | Ingested:
    """Read a file up to its judgement, or say what became of it where it needs or gets none."""
    if sent.archived is not None:
        path = closing.enter_context(original(settings, sent.archived))
        sent = replace(sent, path=path, archived=None)
    try:
        file = land(sent, settings)
    except Rejected as rejected:
        return Ingested(sent.file_name, sent.return_name, "rejected", rejected.reason)
    steps = [Step("land", "done", f"{file.size_bytes} bytes")]
    owner, stranger = identify(sent, contract)
    filing = _filing(file, contract, suites, owner, sent.came_at or clock.now())
    known = look_up(filing, owner, contract, sent, settings)
    if known and not _must_judge(known, filing, sent):
        return settle_known(known, filing, settings)
    store(file, contract, settings)
    filing = replace(filing, attempt=max((one.attempt for one in known), default=0) + 1)
    if stranger is not None:
        return reject(file, contract, filing, owner, stranger, steps, settings)
    connection = closing.enter_context(door.scratch(settings, may_spill=not contract.has_personal))
    try:
        tables = read(connection, file, contract, owner, settings)
        headers = [header for raw in tables.values() for header in raw.headers]
        filing = replace(filing, layout=", ".join(dict.fromkeys(h.layout for h in headers)))
        own = tables[contract.return_name]
        steps.append(Step("read", "done", f"{own.how}, {own.encoding}"))
        steps += [_matched(header) for header in headers]
        type_tables(connection, contract, tables, file)
        steps += derive_tables(connection, contract, tables, owner, settings)
        covered = date_tables(connection, contract, tables, owner, file)
        steps.append(Step("type", "done", ", ".join(covered.periods)))
        asked = {name for suite in suites.values() for name in suite.seeds}
        load_seeds(connection, sorted(asked), settings.seeds)
    except Rejected as rejected:
        return reject(file, contract, filing, owner, rejected, steps, settings)
    return Opened(connection, sent, filing, owner, file, tables, covered, steps)


def finish(
    one: Opened, contract: Contract, suites: dict[str, Suite], settings: Settings
) -> Ingested:
    """Keep a file that was judged, or the answer why it cannot be taken."""
    try:
        said = sort_tables(one.connection, contract, suites, one.tables, one.covered, one.file)
    except Rejected as rejected:
        marks = marks_of(one.connection, one.tables)
        told = (one.filing, one.owner, rejected, one.steps, settings)
        return reject(one.file, contract, *told, marks)
    steps = [*one.steps, Step("judge", "done", said)]
    return keep_filing(one, contract, steps, settings)


def land(sent: Sent, settings: Settings) -> File:
    """The file, hashed. Raises Rejected if it cannot be read."""
    return look_at(sent.path, sent.file_name, settings.largest_file_mb)


def store(file: File, contract: Contract, settings: Settings) -> None:
    """Put the file's bytes in the archive, unless originals with people are not to be kept."""
    if settings.keep_originals == "encrypted" or not contract.has_personal:
        put_in_archive(settings, file.path, file.sha256)


def identify(sent: Sent, contract: Contract) -> tuple[Whose, Rejected | None]:
    """Whose the file is, and why it must be rejected if that cannot be told."""
    try:
        return whose(sent.file_name, contract, sent.told), None
    except Rejected as rejected:
        told = sent.told
        return Whose(slug(told.sender or ""), slug(told.part or ""), told.period, None), rejected


def look_up(
    filing: Filing, owner: Whose, contract: Contract, sent: Sent, settings: Settings
) -> list[Known]:
    """What the registry knows of the filing, or of the same bytes under another name."""
    with door.reading(settings) as connection:
        return _known_or_copied(connection, filing, owner, contract, sent)


def _known_or_copied(
    connection: duckdb.DuckDBPyConnection,
    filing: Filing,
    owner: Whose,
    contract: Contract,
    sent: Sent,
) -> list[Known]:
    """A part that was named on the command line is meant; one in a file's name may be a copy's."""
    known = known_of(connection, filing.filing_id)
    if known or sent.told.part is not None or sent.told.period is not None or sent.again:
        return known
    period = owner.name_period if contract.period.column is None else None
    return same_bytes_in_force(
        connection,
        filing.return_name,
        filing.sender,
        filing.sha256,
        period.label if period else None,
    )


def keep_filing(one: Opened, contract: Contract, steps: list[Step], settings: Settings) -> Ingested:
    """Keep everything in one transaction, unless the file or a copy was kept meanwhile."""
    connection, filing, tables = one.connection, one.filing, list(one.tables)
    columns = {name: landed_columns(contract.tables[name].columns) for name in tables}
    gather(connection, tables)
    counts = counts_by_period(connection, one.covered.periods, contract.money, tables)
    write_answer(connection, settings, filing, _mark_lost(one, contract, counts, settings))
    with door.writing(settings, connection):
        known = _known_or_copied(connection, filing, one.owner, contract, one.sent)
        if not any(other.attempt >= filing.attempt for other in known):
            done = [*steps, Step("keep", "done", "committed")]
            kept = keep(connection, filing, counts, columns, done, settings.hold_if_dropping)
            return _summary(filing, kept)
    return settle_known(known, filing, settings)


def _mark_lost(
    one: Opened, contract: Contract, counts: dict[str, Counts], settings: Settings
) -> str:
    """Mark the sender's workbook where rows were lost; why that cannot be, or ''."""
    lost = sum(count.quarantined for count in counts.values())
    if not lost:
        return ""
    marks = marks_of(one.connection, one.tables)
    return write_marked(settings, one.filing, contract, one.file, marks, rows_lost(lost))


def reject(
    file: File,
    contract: Contract,
    filing: Filing,
    owner: Whose,
    rejected: Rejected,
    steps: list[Step],
    settings: Settings,
    marks: Sequence[Mark] = (),
) -> Ingested:
    """Keep the rejection as the answer to the sender."""
    period = owner.told_period or owner.name_period
    failed = [*steps, Step(rejected.step, "failed", rejected.reason)]
    label = period.label if period else ""
    note = ""
    if rejected.step != "read":  # else there is nothing to mark
        note = write_marked(settings, filing, contract, file, marks, rejected.reason)
    write_refusal(settings, filing, rejected.reason, note)
    with door.scratch(settings) as connection, door.writing(settings, connection):
        known = known_of(connection, filing.filing_id)
        if not any(other.attempt >= filing.attempt for other in known):  # kept meanwhile
            kept = keep_rejection(connection, filing, label, rejected.reason, failed)
            return _summary(filing, [kept])
    return settle_known(known, filing, settings)


def settle_known(known: list[Known], filing: Filing, settings: Settings) -> Ingested:
    """What becomes of a file that was judged before: a duplicate, or put back in force."""
    outcome: Outcome
    if all(one.outcome == "rejected" for one in known):
        outcome, reason = "rejected", known[0].reason
    else:
        with door.scratch(settings) as connection, door.writing(settings, connection):
            outcome, reason = reinstate(connection, known, filing, settings.hold_if_dropping)
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


def _must_judge(known: list[Known], filing: Filing, sent: Sent) -> bool:
    """A rejected file is judged again when its contract or suite has changed, or on demand."""
    rules = (filing.contract_digest, filing.suite_digest)
    mended = any((one.contract_digest, one.suite_digest) != rules for one in known)
    return sent.again or (mended and all(one.outcome == "rejected" for one in known))


def _matched(header: Header) -> Step:
    sheet = f"sheet {header.sheet}, " if header.sheet else ""
    return Step("match", "done", f"{sheet}row {header.row}: {', '.join(header.columns)}")


def _filing(
    file: File, contract: Contract, suites: dict[str, Suite], owner: Whose, received_at: datetime
) -> Filing:
    return Filing(
        filing_id=filing_id(contract, owner, file.sha256),
        attempt=1,
        return_name=contract.return_name,
        sender=owner.sender,
        part=owner.part,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        file_name=file.name,
        received_at=received_at,
        contract_version=contract.version,
        contract_digest=contract.digest,
        suite_version=suites[contract.return_name].version,
        suite_digest=digest_of(list(suites.values())),
        layout=None,
    )


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
