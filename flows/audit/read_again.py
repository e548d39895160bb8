"""Originals read again, by the rules that their returns were judged by; nothing is kept of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from flows.common.errors import Rejected
from flows.common.files import scratch_folder
from flows.common.periods import read_period
from flows.common.seeds import load_seeds
from flows.common.settings import Settings
from flows.intake.batch import Batch
from flows.intake.kept_rules import (
    kept_contract,
    kept_suites,
    lay_out_seeds,
    readers_digest,
)
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
from flows.intake.turns import at_once
from flows.returns.convert import load_macros
from flows.returns.covered_periods import Covered
from flows.returns.derive import landed_columns
from flows.returns.file import File
from flows.returns.file import look_at as hash_file
from flows.returns.identity import Hints, find_owner
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.workspace import open_database
from flows.warehouse.archive import ArchiveError, original
from flows.warehouse.connection import open_scratch, reading
from flows.warehouse.kept_files import NotKept

TOGETHER = 40  # files that are judged as one batch


@dataclass(frozen=True)
class KeptFile:
    """A file as the ledger has it: its returns by their periods, and what they were judged by."""

    filing_id: str
    attempt: int
    return_name: str
    sender: str
    part: str
    sha256: str
    file_name: str
    received_at: datetime
    contract: str
    suites: str
    judged_by: Mapping[str, object]
    returns: Mapping[str, str]

    @property
    def rules(self) -> str:
        """What it shares with the files that are judged as one batch."""
        seeds = self.judged_by.get("seeds")
        return json.dumps([self.return_name, self.contract, self.suites, seeds], sort_keys=True)

    @property
    def same_readers(self) -> bool:
        """Whether today's code and packages are those that read it."""
        return self.judged_by.get("readers") == readers_digest()

    @property
    def hints(self) -> Hints:
        """What was said of it, as far as it shows in its returns."""
        given = str(self.judged_by.get("given_period") or "")
        return Hints(self.sender, read_period(given) if given else None, self.part or None)


@dataclass(frozen=True)
class ReadAgain:
    """A file that was read again, in a database of its own; or why it could not be.

    `landed`: the columns that land of each of its tables.
    """

    file: KeptFile
    connection: duckdb.DuckDBPyConnection | None = None
    landed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refused: str = ""
    not_kept: str = ""


def kept_files(settings: Settings, returns: Sequence[str]) -> list[KeptFile]:
    """The files of these returns, with all the returns that came in them."""
    with reading(settings) as connection:
        rows = connection.execute(
            """
            select r.filing_id, r.attempt, r."return", r.sender, r.part, r.sha256, r.file_name,
                   r.received_at, r.contract_digest, r.suite_digest, r.period, r.return_id,
                   json_extract(e.detail, '$.judged_by')
            from warehouse.ledger.returns as r
            join warehouse.ledger.events as e
              on e.subject = r.return_id and e.kind in ('kept', 'held')
             and cast(json_extract_string(e.detail, '$.attempt') as integer) = r.attempt
            where (r.filing_id, r.attempt) in (
                select (filing_id, attempt) from warehouse.ledger.returns
                where list_contains(?, return_id))
            order by r.filing_id, r.attempt, r.period
            """,
            [list(returns)],
        ).fetchall()
    return [_kept_file(list(same)) for _, same in groupby(rows, key=lambda row: row[:2])]


def _kept_file(rows: Sequence[tuple[Any, ...]]) -> KeptFile:
    names = [one.name for one in fields(KeptFile) if one.name not in ("judged_by", "returns")]
    values: dict[str, Any] = dict(zip(names, rows[0], strict=False))
    judged_by = json.loads(rows[0][-1] or "{}")
    return KeptFile(**values, judged_by=judged_by, returns={row[-3]: row[-2] for row in rows})


def read_again(
    settings: Settings, files: Sequence[KeptFile]
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[ReadAgain]]]:
    """Batches of files that were read and judged again, each with the scratch database it is in.

    A batch is gone when the next one is asked for.
    """
    ordered = sorted(files, key=lambda one: (one.rules, one.received_at))
    for _, group in groupby(ordered, key=lambda one: one.rules):
        alike = list(group)
        for at in range(0, len(alike), TOGETHER):
            with ExitStack() as closing:
                yield _read_batch(settings, alike[at : at + TOGETHER], closing)


def _read_batch(
    settings: Settings, files: Sequence[KeptFile], closing: ExitStack
) -> tuple[duckdb.DuckDBPyConnection, list[ReadAgain]]:
    first = files[0]
    try:
        contract = kept_contract(settings, first.contract)
        suites = kept_suites(settings, first.suites)
        seeds = closing.enter_context(_seeds_of(settings, first))
    except NotKept as gone:
        scratch = closing.enter_context(open_scratch(settings))
        return scratch, [ReadAgain(one, not_kept=str(gone)) for one in files]
    # Rows of people never go to a disk.
    scratch = closing.enter_context(open_scratch(settings, may_spill=not contract.has_personal))
    reader = closing.enter_context(WorkbookReader())
    batch = Batch(contract, suites, settings, scratch, reader, at_once)
    load_macros(scratch)
    load_seeds(scratch, batch.seeds, seeds)
    found: dict[str, ReadAgain] = {}
    opened: list[_Opened] = []
    for number, one in enumerate(files):
        try:
            opened.append(_open(one, number, batch, closing))
        except ArchiveError as gone:
            found[one.filing_id] = ReadAgain(one, not_kept=str(gone))
        except Rejected as rejected:
            found[one.filing_id] = ReadAgain(one, refused=rejected.reason)
    judge_tables(scratch, [(one.connection, one.tables) for one in opened], suites)
    for each in opened:
        found[each.kept.filing_id] = _sorted(each, batch)
    return scratch, [found[one.filing_id] for one in files]


@contextmanager
def _seeds_of(settings: Settings, one: KeptFile) -> Iterator[Path]:
    """A folder with the seeds as they were when the file was judged. Raises NotKept."""
    seeds = one.judged_by.get("seeds")
    with TemporaryDirectory(dir=scratch_folder(settings)) as folder:
        lay_out_seeds(settings, seeds if isinstance(seeds, dict) else {}, Path(folder))
        yield Path(folder)


@dataclass(frozen=True)
class _Opened:
    """A file whose rows stand, typed and dated, and are not judged yet."""

    kept: KeptFile
    connection: duckdb.DuckDBPyConnection
    tables: Tables
    covered: Covered
    file: File


def _open(one: KeptFile, number: int, batch: Batch, closing: ExitStack) -> _Opened:
    """Read a file up to its judgement. Raises ArchiveError and Rejected."""
    contract, settings = batch.contract, batch.settings
    path = closing.enter_context(original(settings, one.sha256))
    file = hash_file(path, one.file_name, settings.largest_file_mb)
    owner = find_owner(file.name, contract, one.hints)
    database = closing.enter_context(open_database(batch.scratch, f"file_{number}", batch.seeds))
    today = one.received_at.date()
    tables = read(database, file, contract, owner, today, settings, batch.reader)
    type_tables(database, contract, tables, owner, file)
    derive_tables(database, contract, tables, owner, settings)
    covered = date_tables(database, contract, tables, owner, file)
    return _Opened(one, database, tables, covered, file)


def _sorted(one: _Opened, batch: Batch) -> ReadAgain:
    try:
        sort_tables(one.connection, batch.contract, batch.suites, one.tables, one.covered, one.file)
    except Rejected as rejected:
        return ReadAgain(one.kept, refused=rejected.reason)
    gather(one.connection, list(one.tables))
    tables = batch.contract.tables
    landed = {name: landed_columns(tables[name].columns) for name in one.tables}
    return ReadAgain(one.kept, one.connection, landed)
