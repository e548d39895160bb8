"""The steps between landing and keeping: read, type, derive, date, judge, sort every table.

Each table is worked on in a workspace of the submission's database; the first is the return's own.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial

import duckdb

from expectations.judge import KEY_TOGETHER, judge
from expectations.suite import Suite
from flows.common.errors import Rejected
from flows.common.files import scratch_folder
from flows.common.settings import Settings
from flows.intake.split_rows import expect_some_row, show_readable, sort_judged
from flows.returns.contract import Contract
from flows.returns.convert import type_rows
from flows.returns.covered_periods import Covered, cover, date_alike
from flows.returns.derive import derive
from flows.returns.file import File
from flows.returns.identity import Owner
from flows.returns.readers.any_kind import read_tables
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.rows import RawRows, unpack
from flows.returns.workspace import path_of, workspace
from flows.warehouse.encryption import key_of
from flows.warehouse.filing import Step
from flows.warehouse.postcodes import find_places

Tables = dict[str, RawRows]  # by the name that rows land under


def read(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    contract: Contract,
    owner: Owner,
    today: date,
    settings: Settings,
    reader: WorkbookReader,
) -> Tables:
    """The file's tables as text; `today`: the day whose layouts it has, if it names no period.

    Raises Rejected where the file cannot be read, or lacks a table that must come.
    """
    period = owner.given_period or owner.name_period
    day = period.first_day if period else today
    tables = read_tables(
        connection, file, scratch_folder(settings), contract, owner.sender, day, reader
    )
    for name, raw in tables.items():
        packed = next((header.packed for header in raw.headers if header.packed), None)
        if packed is not None:
            with workspace(connection, name) as inside:
                unpack(inside, contract.tables[name], packed)
    for name, table in contract.further.items():
        if table.required and name not in tables:
            raise Rejected(
                "read",
                f"{file.name} has no sheet of {table.title.lower()} (looked for one called "
                f"{' or '.join(table.sheets[:3])}): add it.",
            )
    return tables


def type_tables(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    tables: Tables,
    owner: Owner,
    file: File,
) -> None:
    """Text becomes values. Raises Rejected where a column's dates contradict each other."""
    expected = owner.given_period or owner.name_period
    for name, raw in tables.items():
        with workspace(connection, name) as inside:
            type_rows(inside, contract.tables[name], raw, _where(file, raw), expected)


def derive_tables(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    tables: Tables,
    owner: Owner,
    settings: Settings,
) -> list[Step]:
    """Let the personal columns give way to what they become; the step, if there were any."""
    with_people = [name for name in tables if contract.tables[name].personal]
    looked_up: list[str] = []
    for name in with_people:
        with workspace(connection, name) as inside:
            found = derive(
                inside,
                contract.tables[name].columns,
                "typed_rows",
                "raw_rows",
                f"{contract.return_name}/{owner.sender}",
                key_of(settings).derived("hash"),
                partial(find_places, settings),
            )
        looked_up += [found] if found else []
    if not with_people:
        return []
    return [Step("derive", "done", ", ".join(dict.fromkeys(looked_up)) or "personal columns")]


def date_tables(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    tables: Tables,
    owner: Owner,
    file: File,
) -> Covered:
    """The periods the file is for, by the return's own table. Raises Rejected."""
    with workspace(connection, contract.return_name) as inside:
        covered = cover(inside, contract, owner, file.name)
    for name in tables.keys() & contract.further.keys():
        with workspace(connection, name) as inside:
            date_alike(inside, covered)
    return covered


def judge_tables(
    scratch: duckdb.DuckDBPyConnection,
    files: Sequence[tuple[duckdb.DuckDBPyConnection, Tables]],
    suites: dict[str, Suite],
) -> None:
    """Judge every table of every file by its suite: `failed_rows` in each table's workspace.

    Files of one return, each in a database of its own, are judged as one batch where no rule
    compares rows: hundreds of small files cost little more than one.
    """
    for name, suite in suites.items():
        with ExitStack() as opened:
            workspaces = [
                opened.enter_context(workspace(connection, name))
                for connection, tables in files
                if name in tables
            ]
            raws = [tables[name] for _, tables in files if name in tables]
            for one, raw in zip(workspaces, raws, strict=True):
                show_readable(one, raw)
            if len(workspaces) > 1 and suite.can_judge_together:
                with workspace(scratch, name) as together:
                    _judge_together(together, workspaces, suite)
            else:
                for one in workspaces:
                    judge(one, suite, "readable_rows")


def _judge_together(
    together: duckdb.DuckDBPyConnection,
    workspaces: Sequence[duckdb.DuckDBPyConnection],
    suite: Suite,
) -> None:
    """Judge the readable rows of several workspaces as one batch, and hand each its failed rows."""
    paths = [path_of(one) for one in workspaces]
    parts = " union all by name ".join(
        f"select * replace ('{number}' as _file) from {path}.readable_rows"
        for number, path in enumerate(paths)
    )
    together.execute(f"create or replace table batch as {parts}")
    judge(together, suite, "batch", KEY_TOGETHER)
    failed = f"{path_of(together)}.failed_rows"
    for number, one in enumerate(workspaces):
        one.execute(
            f"create or replace table failed_rows as select _sheet, _row, rule from {failed} "
            "where _file = ?",
            [str(number)],
        )


def sort_tables(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    suites: dict[str, Suite],
    tables: Tables,
    covered: Covered,
    file: File,
) -> str:
    """Sort every table's rows by what was said of them; a line for the ledger. Raises Rejected."""
    asked = failed = 0
    for name, raw in tables.items():
        with workspace(connection, name) as inside:
            where = _where(file, raw)
            asked += len(suites[name].rules)
            failed += sort_judged(inside, contract.tables[name], suites[name], raw, covered, where)
            if name == contract.return_name:
                expect_some_row(inside, where)
    return f"{asked} rules, {failed} failed"


def _where(file: File, raw: RawRows) -> str:
    """The file, and the sheet of the table in it if all its rows stand on one."""
    sheets = {header.sheet for header in raw.headers}
    return f"{file.name}, sheet {raw.sheet}" if sheets == {raw.sheet} != {""} else file.name
