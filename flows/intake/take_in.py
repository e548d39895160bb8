"""A submission's way in: land, identify, read, match, type, judge, keep.

Plain functions that a test or a notebook can call; `flows/operations/ingest.py` calls them, by hand
or in a flow.
The warehouse is opened only to look files up and to keep what was judged; in between, each file
has a database of its own beside the scratch one.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count

import duckdb

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.errors import Rejected
from flows.common.files import slug
from flows.common.seeds import load_seeds
from flows.common.settings import Settings
from flows.intake.answers.answer import write_answer, write_marked
from flows.intake.answers.marked_copy import marks_of, rows_lost
from flows.intake.batch import Batch, Judged, Known, Landed, Opened, Refused, filing_of
from flows.intake.claim import readable_path
from flows.intake.redaction import is_of_one_file, unforeseen
from flows.intake.rules import Rules
from flows.intake.settle import earlier_returns, keep_batch, refuse, refused_before
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
from flows.intake.submission import Ingested, Submission, look_at, not_taken
from flows.intake.turns import at_once
from flows.returns.contract import Contract
from flows.returns.convert import load_macros
from flows.returns.file import File
from flows.returns.file import look_at as hash_file
from flows.returns.header import Header
from flows.returns.identity import Owner, find_owner
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.workspace import open_database, workspace
from flows.warehouse.archive import ArchiveError, original, put_in_archive
from flows.warehouse.connection import looking, open_scratch
from flows.warehouse.filing import Counts, Step
from flows.warehouse.keep import counts_by_period

NO_DATABASE_LEFT = (duckdb.FatalException, duckdb.InternalException)
LITTLE = 1 << 23  # bytes of a batch; below, a second thread costs DuckDB more than it saves
STILL_CHANGING = "{name} changed while it was read: it is taken when it is complete."
TAKEN_AWAY = "{name} was taken away while it was read: send it again."


def take_in(
    submission: Submission,
    rules: Rules,
    settings: Settings,
    turn: Callable[[], None] = at_once,
) -> Ingested:
    """Take one file in, and say what became of it.

    Nothing of a file is in the warehouse until all of it is; a file that cannot be taken is
    answered with a rejection, which is kept too. Raises only where the system itself fails.
    """
    return take_in_together([submission], rules, settings, turn)[0]


def take_in_together(
    submissions: Sequence[Submission],
    rules: Rules,
    settings: Settings,
    turn: Callable[[], None] = at_once,
) -> list[Ingested]:
    """Take in files of one return and of different slots; they are judged as one batch.

    `turn` is called before anything is kept, and waits until it may be. Each file has its own
    outcome, findings and transaction, as if it had come alone. Where one of them
    brings down the batch for a reason that nobody foresaw, each is taken in alone, and that one is
    answered so.
    """
    contract = rules.contracts[submissions[0].return_name]
    try:
        with ExitStack() as closing:
            batch = closing.enter_context(open_batch(contract, rules, settings, turn))
            return _take_in(submissions, batch, closing)
    except Exception as error:
        if not is_of_one_file(error):
            raise
        if len(submissions) > 1:
            return [take_in(one, rules, settings, turn) for one in submissions]
        return [answer_unforeseen(submissions[0], error, rules, settings, turn)]


@contextmanager
def open_batch(
    contract: Contract, rules: Rules, settings: Settings, turn: Callable[[], None]
) -> Iterator[Batch]:
    """A batch for files of one return: a scratch database, and who reads workbooks."""
    may_spill = not contract.has_personal
    with open_scratch(settings, may_spill=may_spill) as scratch, WorkbookReader() as reader:
        suites = rules.of(contract.return_name)
        yield Batch(contract, suites, settings, scratch, reader, turn)


def _take_in(submissions: Sequence[Submission], batch: Batch, closing: ExitStack) -> list[Ingested]:
    landed = look_up([land(submission, batch, closing) for submission in submissions], batch)
    opened = open_files(landed, batch, closing)
    judge_files([one for one in opened if isinstance(one, Opened)], batch)
    judged = [sort_file(one, batch) if isinstance(one, Opened) else one for one in opened]
    return keep_batch(judged, batch)


def answer_unforeseen(
    submission: Submission,
    error: Exception,
    rules: Rules,
    settings: Settings,
    turn: Callable[[], None],
) -> Ingested:
    """Keep a file that brought its reader or judge down, and say that nobody foresaw it."""
    contract = rules.contracts[submission.return_name]
    rejected = unforeseen(error, submission.file_name)
    try:
        with ExitStack() as closing:
            batch = closing.enter_context(open_batch(contract, rules, settings, turn))
            (landed,) = look_up([land(submission, batch, closing)], batch)
            if isinstance(landed, Ingested):
                return landed
            store(landed.file, contract, settings)
            (done,) = keep_batch([refuse(_next_attempt(landed), rejected, batch)], batch)
            return done
    except Exception as again:
        if not is_of_one_file(again):
            raise
        return not_taken(submission, rejected.reason)


def land(submission: Submission, batch: Batch, closing: ExitStack) -> Landed | Ingested:
    """A file that can be read, and its owner; the answer where there is nothing to read."""
    settings = batch.settings
    try:
        if submission.archived is not None:
            path = closing.enter_context(original(settings, submission.archived))
            submission = replace(submission, path=path, archived=None)
        look = look_at(submission.path)
        path = readable_path(submission.path, closing)
        file = hash_file(path, submission.file_name, settings.largest_file_mb)
    except (Rejected, ArchiveError) as refused:
        return not_taken(submission, str(refused))
    owner, no_owner = identify(submission, batch.contract)
    filing = filing_of(file, batch, owner, submission.came_at or clock.now())
    steps = [Step("land", "done", f"{file.size_bytes} bytes")]
    return Landed(submission, file, look, filing, owner, no_owner, [], steps)


def identify(submission: Submission, contract: Contract) -> tuple[Owner, Rejected | None]:
    """The owner of the file, and why it must be rejected if that cannot be known."""
    try:
        return find_owner(submission.file_name, contract, submission.hints), None
    except Rejected as rejected:
        hints = submission.hints
        return Owner(slug(hints.sender or ""), slug(hints.part or ""), hints.period, None), rejected


def look_up(landed: Sequence[Landed | Ingested], batch: Batch) -> list[Landed | Ingested]:
    """Every file with what the warehouse knows of it."""
    with looking(batch.settings, batch.scratch):
        return [
            replace(one, earlier=earlier_returns(batch.scratch, one, batch))
            if isinstance(one, Landed)
            else one
            for one in landed
        ]


def open_files(
    landed: Sequence[Landed | Ingested], batch: Batch, closing: ExitStack
) -> list[Opened | Refused | Known | Ingested]:
    """Read every file up to its judgement, or say what became of it where it needs or gets none."""
    databases = _databases(landed, batch, closing)
    return [open_file(one, databases, batch) if isinstance(one, Landed) else one for one in landed]


def _databases(
    landed: Sequence[Landed | Ingested], batch: Batch, closing: ExitStack
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for each file that is read; what all of them share is made with the first."""
    if sum(one.file.size_bytes for one in landed if isinstance(one, Landed)) < LITTLE:
        batch.scratch.execute("set threads = 1")
    load_macros(batch.scratch)
    load_seeds(batch.scratch, batch.seeds, places_in_use(batch.settings).seeds)
    for number in count(1):
        yield closing.enter_context(open_database(batch.scratch, f"file_{number}", batch.seeds))


def open_file(
    one: Landed, databases: Iterator[duckdb.DuckDBPyConnection], batch: Batch
) -> Opened | Refused | Known | Ingested:
    """Read a file up to its judgement, or say what became of it where it needs or gets none."""
    if one.earlier and not _must_judge(one):
        return known_before(one)
    file, contract, settings = one.file, batch.contract, batch.settings
    one = _next_attempt(one)
    try:
        store(file, contract, settings)
        if one.no_owner is not None:
            return refuse(one, one.no_owner, batch)
        database = next(databases)
        today = one.filing.received_at.date()
        tables = read(database, file, contract, one.owner, today, settings, batch.reader)
        one = _matched(one, tables, contract)
        type_tables(database, contract, tables, one.owner, file)
        derived = derive_tables(database, contract, tables, one.owner, settings)
        covered = date_tables(database, contract, tables, one.owner, file)
    except Rejected as rejected:
        return _still_changing(one) or refuse(one, rejected, batch)
    except (ArchiveError, FileNotFoundError):
        if answer := _gone(one, batch) or _still_changing(one):
            return answer
        raise
    except Exception as error:
        if not is_of_one_file(error) or isinstance(error, NO_DATABASE_LEFT):
            raise
        return refuse(one, unforeseen(error, file.name), batch)
    typed = Step("type", "done", ", ".join(covered.periods))
    return _still_changing(one) or Opened(one.then(*derived, typed), database, tables, covered)


def _next_attempt(one: Landed) -> Landed:
    attempt = max((known.attempt for known in one.earlier), default=0) + 1
    return replace(one, filing=replace(one.filing, attempt=attempt))


def known_before(one: Landed) -> Known | Ingested:
    """The file as what was kept of it; the answer where nothing is to be kept."""
    known = Known(one, one.earlier)
    return refused_before(known) or known


def _gone(one: Landed, batch: Batch) -> Known | Ingested | None:
    """The answer for a file that is no longer where it was landed: another run has taken it in.

    None where nobody has.
    """
    (now,) = look_up([one], batch)
    if isinstance(now, Landed) and now.earlier:
        return known_before(now)
    return None


def _still_changing(one: Landed) -> Ingested | None:
    """The answer for a file that is not what it was when it was hashed; None if it is."""
    now = look_at(one.submission.path)
    if now == one.look:
        return None
    reason = TAKEN_AWAY if now is None else STILL_CHANGING
    return not_taken(one.submission, reason.format(name=one.file.name))


def store(file: File, contract: Contract, settings: Settings) -> None:
    """Put the file's bytes in the archive, unless originals with people are not to be kept."""
    if settings.keep_originals == "encrypted" or not contract.has_personal:
        put_in_archive(settings, file.path, file.sha256)


def judge_files(opened: Sequence[Opened], batch: Batch) -> None:
    """Judge every table of every file by its suite."""
    judge_tables(batch.scratch, [(one.connection, one.tables) for one in opened], batch.suites)


def sort_file(one: Opened, batch: Batch) -> Judged | Refused:
    """Sort a judged file's rows and write its answer; a refusal where it cannot be taken."""
    connection, landed, tables = one.connection, one.landed, list(one.tables)
    try:
        counted = sort_tables(
            connection, batch.contract, batch.suites, one.tables, one.covered, landed.file
        )
    except Rejected as rejected:
        return refuse(landed, rejected, batch, marks_of(connection, one.tables))
    gather(connection, tables)
    counts = counts_by_period(connection, one.covered.periods, batch.contract.money, tables)
    note = _mark_lost(one, counts, batch)
    write_answer(connection, batch.settings, landed.filing, note)
    for name in tables:  # of the text nothing more is asked: keeping has the memory it stood in
        with workspace(connection, name) as inside:
            inside.execute("drop table raw_rows")
    judged = landed.then(Step("judge", "done", counted))
    return Judged(judged, connection, tables, counts, one.covered)


def _mark_lost(one: Opened, counts: dict[str, Counts], batch: Batch) -> str:
    """Mark the sender's workbook where rows were lost; why that cannot be, or ''."""
    lost = sum(count.quarantined for count in counts.values())
    if not lost:
        return ""
    marks = marks_of(one.connection, one.tables)
    landed, settings = one.landed, batch.settings
    return write_marked(
        settings, landed.filing, batch.contract, landed.file, marks, rows_lost(lost)
    )


def _must_judge(one: Landed) -> bool:
    """A rejected file is judged again when its contract or suite has changed, or on demand."""
    rules = (one.filing.contract_digest, one.filing.suite_digest)
    mended = any((known.contract_digest, known.suite_digest) != rules for known in one.earlier)
    return one.submission.again or (
        mended and all(known.outcome == "rejected" for known in one.earlier)
    )


def _matched(one: Landed, tables: Tables, contract: Contract) -> Landed:
    """The file with the layouts that its tables' headers matched."""
    headers = [header for raw in tables.values() for header in raw.headers]
    own = tables[contract.return_name]
    layout = ", ".join(dict.fromkeys(header.layout for header in headers))
    one = replace(one, filing=replace(one.filing, layout=layout))
    return one.then(Step("read", "done", f"{own.how}, {own.encoding}"), *map(_header, headers))


def _header(header: Header) -> Step:
    sheet = f"sheet {header.sheet}, " if header.sheet else ""
    return Step("match", "done", f"{sheet}row {header.row}: {', '.join(header.columns)}")
