"""A return's way in: land, identify, read, match, type, judge, keep.

Plain functions that a test or a notebook can call; `flows/operations/ingest.py` runs them under
Prefect.
The warehouse is opened only to look files up and to keep what was judged; in between, each file
has a database of its own beside the scratch one.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from itertools import count

import duckdb

from expectations.suite import digest_of
from flows.common import clock
from flows.common.errors import Rejected
from flows.common.files import slug
from flows.common.seeds import load_seeds
from flows.common.settings import Settings
from flows.intake.answer import write_answer, write_marked
from flows.intake.batch import Arrived, Batch, Judged, Opened
from flows.intake.marked_copy import marks_of, rows_lost
from flows.intake.redaction import no_cells_in_faults
from flows.intake.rules import Rules
from flows.intake.settle import keep_round, known_before, reject, settle
from flows.intake.split_rows import gather
from flows.intake.stages import (
    Tables,
    date_tables,
    derive_tables,
    judge_tables,
    read,
    sort_tables,
    type_tables,
)
from flows.intake.submission import Ingested, Submission
from flows.returns.contract import Contract
from flows.returns.convert import load_macros
from flows.returns.file import File, look_at
from flows.returns.header import Header
from flows.returns.identity import Owner, filing_id, find_owner
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.workspace import open_database
from flows.warehouse.archive import original, put_in_archive
from flows.warehouse.connection import looking, open_scratch
from flows.warehouse.keep import Counts, Filing, Step, counts_by_period

LITTLE = 1 << 23  # bytes of a round; below, a second thread costs DuckDB more than it saves


def take_in(submission: Submission, rules: Rules, settings: Settings) -> Ingested:
    """Take one file in, and say what became of it.

    Nothing of a file is in the warehouse until all of it is; a file that cannot be taken is
    answered with a rejection, which is kept too. Raises only where the system itself fails.
    """
    return take_in_together([submission], rules, settings)[0]


def take_in_together(
    submissions: Sequence[Submission], rules: Rules, settings: Settings
) -> list[Ingested]:
    """Take in files of one return and of different slots; they are judged as one batch.

    Each has its own outcome, findings and transaction, as if it had come alone.
    """
    contract = rules.contracts[submissions[0].return_name]
    with no_cells_in_faults(contract), ExitStack() as closing:
        scratch = open_scratch(settings, may_spill=not contract.has_personal)
        batch = Batch(
            contract,
            rules.of(contract.return_name),
            settings,
            closing.enter_context(scratch),
            closing.enter_context(WorkbookReader()),
        )
        arrived = look_up([arrive(submission, batch, closing) for submission in submissions], batch)
        opened = open_files(arrived, batch, closing)
        judge_files([one for one in opened if isinstance(one, Opened)], batch)
        judged = [sort_file(one, batch) if isinstance(one, Opened) else one for one in opened]
        return keep_round(judged, batch)


def arrive(submission: Submission, batch: Batch, closing: ExitStack) -> Arrived | Ingested:
    """A file that can be read, and whose it is; the answer where there is nothing to read."""
    if submission.archived is not None:
        path = closing.enter_context(original(batch.settings, submission.archived))
        submission = replace(submission, path=path, archived=None)
    try:
        file = land(submission, batch.settings)
    except Rejected as rejected:
        return Ingested(submission.file_name, submission.return_name, "rejected", rejected.reason)
    owner, stranger = identify(submission, batch.contract)
    filing = _filing(file, batch, owner, submission.came_at or clock.now())
    steps = [Step("land", "done", f"{file.size_bytes} bytes")]
    return Arrived(submission, file, filing, owner, stranger, [], steps)


def land(submission: Submission, settings: Settings) -> File:
    """The file, hashed. Raises Rejected if it cannot be read."""
    return look_at(submission.path, submission.file_name, settings.largest_file_mb)


def identify(submission: Submission, contract: Contract) -> tuple[Owner, Rejected | None]:
    """Whose the file is, and why it must be rejected if that cannot be told."""
    try:
        return find_owner(submission.file_name, contract, submission.hints), None
    except Rejected as rejected:
        hints = submission.hints
        return Owner(slug(hints.sender or ""), slug(hints.part or ""), hints.period, None), rejected


def look_up(arrived: Sequence[Arrived | Ingested], batch: Batch) -> list[Arrived | Ingested]:
    """Every file with what the warehouse knows of it."""
    with looking(batch.settings, batch.scratch):
        return [
            replace(one, known=known_before(batch.scratch, one, batch))
            if isinstance(one, Arrived)
            else one
            for one in arrived
        ]


def open_files(
    arrived: Sequence[Arrived | Ingested], batch: Batch, closing: ExitStack
) -> list[Opened | Ingested]:
    """Read every file up to its judgement, or say what became of it where it needs or gets none."""
    databases = _databases(arrived, batch, closing)
    return [
        open_file(one, databases, batch) if isinstance(one, Arrived) else one for one in arrived
    ]


def _databases(
    arrived: Sequence[Arrived | Ingested], batch: Batch, closing: ExitStack
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for each file that is read; what all of them share is made with the first."""
    if sum(one.file.size_bytes for one in arrived if isinstance(one, Arrived)) < LITTLE:
        batch.scratch.execute("set threads = 1")
    load_macros(batch.scratch)
    load_seeds(batch.scratch, batch.seeds, batch.settings.seeds)
    for number in count(1):
        yield closing.enter_context(open_database(batch.scratch, f"file_{number}", batch.seeds))


def open_file(
    one: Arrived, databases: Iterator[duckdb.DuckDBPyConnection], batch: Batch
) -> Opened | Ingested:
    """Read a file up to its judgement, or say what became of it where it needs or gets none."""
    if one.known and not _must_judge(one):
        return settle(one.known, one.filing, batch)
    file, contract, settings = one.file, batch.contract, batch.settings
    attempt = max((known.attempt for known in one.known), default=0) + 1
    one = replace(one, filing=replace(one.filing, attempt=attempt))
    try:
        store(file, contract, settings)
        if one.stranger is not None:
            return reject(one, one.stranger, batch)
        database = next(databases)
        tables = read(database, file, contract, one.owner, settings, batch.reader)
        one = _matched(one, tables, contract)
        type_tables(database, contract, tables, file)
        derived = derive_tables(database, contract, tables, one.owner, settings)
        covered = date_tables(database, contract, tables, one.owner, file)
    except Rejected as rejected:
        return reject(one, rejected, batch)
    except FileNotFoundError:
        return _gone(one, batch)
    typed = Step("type", "done", ", ".join(covered.periods))
    return Opened(one.then(*derived, typed), database, tables, covered)


def _gone(one: Arrived, batch: Batch) -> Ingested:
    """The answer for a file that is no longer where it was landed: another run has taken it in.

    Raises FileNotFoundError where nobody has.
    """
    (now,) = look_up([one], batch)
    if isinstance(now, Arrived) and now.known:
        return settle(now.known, now.filing, batch)
    raise FileNotFoundError(f"{one.file.name} was taken away while it was read: send it again.")


def store(file: File, contract: Contract, settings: Settings) -> None:
    """Put the file's bytes in the archive, unless originals with people are not to be kept."""
    if settings.keep_originals == "encrypted" or not contract.has_personal:
        put_in_archive(settings, file.path, file.sha256)


def judge_files(opened: Sequence[Opened], batch: Batch) -> None:
    """Judge every table of every file by its suite."""
    judge_tables(batch.scratch, [(one.connection, one.tables) for one in opened], batch.suites)


def sort_file(one: Opened, batch: Batch) -> Judged | Ingested:
    """Sort a judged file's rows and write its answer; a refusal where it cannot be taken."""
    connection, arrived, tables = one.connection, one.arrived, list(one.tables)
    try:
        said = sort_tables(
            connection, batch.contract, batch.suites, one.tables, one.covered, arrived.file
        )
    except Rejected as rejected:
        return reject(arrived, rejected, batch, marks_of(connection, one.tables))
    gather(connection, tables)
    counts = counts_by_period(connection, one.covered.periods, batch.contract.money, tables)
    note = _mark_lost(one, counts, batch)
    write_answer(connection, batch.settings, arrived.filing, note)
    return Judged(arrived.then(Step("judge", "done", said)), connection, tables, counts)


def _mark_lost(one: Opened, counts: dict[str, Counts], batch: Batch) -> str:
    """Mark the sender's workbook where rows were lost; why that cannot be, or ''."""
    lost = sum(count.quarantined for count in counts.values())
    if not lost:
        return ""
    marks = marks_of(one.connection, one.tables)
    hints = (batch.settings, one.arrived.filing, batch.contract, one.arrived.file)
    return write_marked(*hints, marks, rows_lost(lost))


def _must_judge(one: Arrived) -> bool:
    """A rejected file is judged again when its contract or suite has changed, or on demand."""
    rules = (one.filing.contract_digest, one.filing.suite_digest)
    mended = any((known.contract_digest, known.suite_digest) != rules for known in one.known)
    return one.submission.again or (
        mended and all(known.outcome == "rejected" for known in one.known)
    )


def _matched(one: Arrived, tables: Tables, contract: Contract) -> Arrived:
    """The file with the layouts that its tables' headers matched."""
    headers = [header for raw in tables.values() for header in raw.headers]
    own = tables[contract.return_name]
    layout = ", ".join(dict.fromkeys(header.layout for header in headers))
    one = replace(one, filing=replace(one.filing, layout=layout))
    return one.then(Step("read", "done", f"{own.how}, {own.encoding}"), *map(_header, headers))


def _header(header: Header) -> Step:
    sheet = f"sheet {header.sheet}, " if header.sheet else ""
    return Step("match", "done", f"{sheet}row {header.row}: {', '.join(header.columns)}")


def _filing(file: File, batch: Batch, owner: Owner, received_at: datetime) -> Filing:
    contract = batch.contract
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
        suite_version=batch.suites[contract.return_name].version,
        suite_digest=digest_of(list(batch.suites.values())),
        layout=None,
    )
