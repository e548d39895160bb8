"""What stands in a workspace after each stage is what its protocol says, no more and no less."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.authority.places import places_in_use
from flows.common.periods import read_period
from flows.common.seeds import load_seeds
from flows.common.settings import Settings
from flows.intake import stages
from flows.intake.rules import Rules
from flows.intake.split_rows import gather
from flows.returns.contract import Table
from flows.returns.convert import load_macros
from flows.returns.file import look_at
from flows.returns.identity import Owner
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.workspace import (
    DATED,
    JUDGED,
    KEPT,
    RAW_ROWS,
    READ,
    SORTED,
    TYPED,
    Relation,
    columns_of,
    open_database,
)
from flows.warehouse.connection import open_scratch

PEOPLE = "Employer,Snapshot date,Employee number,FTE,Date of birth\nlcrca,30/06/2022,E1,1,1/2/80\n"
PAYMENTS = "Date paid,Supplier name,Net amount\n01/04/2022,Acme,10.00\n02/04/2022,,20.00\n"


def in_schema(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, set[str]]:
    """The relations of a schema of the file's database, and their columns."""
    rows = connection.execute(
        "select table_name, list(column_name) from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? group by table_name",
        [schema],
    ).fetchall()
    return {str(name): set(columns) for name, columns in rows}


def said(relations: Sequence[Relation], table: Table, *, derived: bool) -> dict[str, set[str]]:
    """The same as the protocol has it; once personal columns are derived their text is gone."""
    gone = {*table.personal} if derived else set()
    made = {name for column in table.columns for name in column.becomes}
    found = {}
    for one in relations:
        columns = columns_of(one, table) - gone
        if derived and gone and one is RAW_ROWS:
            columns -= {"_words"}
        found[one.name] = columns if derived else columns - made
    return found


@pytest.mark.parametrize(
    ("return_name", "text", "period"),
    [("finance_payments", PAYMENTS, "2022-04"), ("hr_workforce", PEOPLE, "2022-23 Q1")],
)
def test_each_stage_leaves_what_the_protocol_says(
    return_name: str, text: str, period: str, rules: Rules, settings: Settings, tmp_path: Path
) -> None:
    contract, suites = rules.contracts[return_name], rules.of(return_name)
    path = tmp_path / "lcrca.csv"
    path.write_text(text, encoding="utf-8")
    file, owner = look_at(path), Owner("lcrca", "", read_period(period), None)
    seeds = sorted({seed for suite in suites.values() for seed in suite.seeds})
    with open_scratch(settings) as scratch, WorkbookReader() as reader:
        load_macros(scratch)
        load_seeds(scratch, seeds, places_in_use(settings).seeds)
        with open_database(scratch, "file_1", seeds) as database:
            tables = stages.read(
                database, file, contract, owner, date(2022, 7, 11), settings, reader
            )
            assert in_schema(database, return_name) == said(READ, contract, derived=False)
            stages.type_tables(database, contract, tables, owner, file)
            assert in_schema(database, return_name) == said(TYPED, contract, derived=False)
            stages.derive_tables(database, contract, tables, owner, settings)
            assert in_schema(database, return_name) == said(TYPED, contract, derived=True)
            covered = stages.date_tables(database, contract, tables, owner, file)
            assert in_schema(database, return_name) == said(DATED, contract, derived=True)
            stages.judge_tables(scratch, [(database, tables)], suites)
            assert in_schema(database, return_name) == said(JUDGED, contract, derived=True)
            stages.sort_tables(database, contract, suites, tables, covered, file)
            assert in_schema(database, return_name) == said(SORTED, contract, derived=True)
            gather(database, list(tables))
            assert in_schema(database, "main") == said(KEPT, contract, derived=True)


def test_whoever_makes_or_reads_a_relation_is_there_and_names_it() -> None:
    root = Path(stages.__file__).parents[1]
    for one in SORTED:
        for module in (one.made_by, *one.read_by):
            folder = root.parent if module.startswith("expectations") else root
            place = folder.joinpath(*module.split("."))
            sources = place.glob("*.py") if place.is_dir() else [place.with_suffix(".py")]
            texts = [source.read_text(encoding="utf-8") for source in sources]
            assert any(one.name in text for text in texts), f"{module} does not name {one.name}"
