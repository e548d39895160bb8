"""Questions to a modelled file of our own making: odd values, and what the door keeps out."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from exports.figures.cell import harmless
from flows.common.settings import Settings
from flows.modelling import analysts as exporting
from flows.modelling.analysts import BadQuestion, NothingModelled, export, query

ODD = [
    "=SUM(A1:A9)", "+44 Plumbing", "-Dash", "@Home", "=", "Rose & \"Thorn\", Ltd", "two\nlines",
    "bell \x07 rings", "O'Hare’s £", " led by a blank", "", "\t=1+1", "  =1+1", "＝1+1", "'=1",
]  # fmt: skip


@pytest.fixture
def modelled(settings: Settings) -> Settings:
    settings.analysts.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.analysts)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.odd (n integer, said varchar, amount decimal(18, 2), day date)"
        )
        connection.executemany(
            "insert into marts.odd values (?, ?, 1234567.89, date '2022-04-30')",
            list(enumerate(ODD)),
        )
        connection.execute("insert into marts.odd values (99, null, null, null)")
    return settings


def test_nothing_can_be_asked_before_the_first_build(settings: Settings) -> None:
    with pytest.raises(NothingModelled, match="social-value build"):
        query(settings, "select 1")


def beside(settings: Settings) -> dict[str, bytes]:
    """Every file in the warehouse's folder."""
    found = settings.analysts.parent.rglob("*")
    return {path.name: path.read_bytes() for path in found if path.is_file()}


@pytest.mark.parametrize(
    "sql",
    [
        "create table marts.mine as select 1",
        "insert into marts.odd values (1, 'x', 1, null)",
        "delete from marts.odd",
        "drop table marts.odd",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "from '/etc/passwd'",
        "from glob('/etc/*')",
        "copy marts.odd to '{folder}/out.csv'",
        "copy marts.odd from '/etc/passwd'",
        "export database '{folder}/out'",
        "attach '{folder}/other.duckdb' as other",
        "attach '{file}' as twin",
        "install httpfs",
        "load httpfs",
        "select * from 'https://example.org/x.csv'",
        "set enable_external_access = true",
        "reset enable_external_access",
        "set lock_configuration = false",
        "set temp_directory = '{folder}'",
        "pragma enable_profiling='json'; set profiling_output = '{folder}/profile.json'",
        "select 1; select * from read_csv('/etc/passwd')",
        "select getenv('HOME')",
        "select * from read_blob('{home}.key')",
        "select * from query('from read_text(''/etc/passwd'')')",
        "select * from sniff_csv('/etc/passwd')",
        "from duckdb_secrets()",
        "attach '{home}/warehouse/warehouse.duckdb' as own (read_only)",
        "from read_duckdb('{home}/warehouse/restricted.duckdb')",
        "copy (select 1) to '{home}/warehouse/analysts.duckdb.wal' (format csv)",
        "copy (select 1) to '{home}/warehouse/analysts.duckdb.tmp/x.csv'",
        "explain analyze copy (select 1) to '{home}/warehouse/analysts.duckdb.wal' (format csv)",
        "call enable_logging()",
        "load json",
        "",
        "selec",
        "select nothing from nowhere",
    ],
)
def test_a_question_cannot_write_read_files_attach_or_unlock(
    modelled: Settings, tmp_path: Path, sql: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    modelled.analysts.with_name("analysts.duckdb.tmp").mkdir()
    modelled.key_path.write_text("the key")
    other = tmp_path / "other.duckdb"
    for path in (other, modelled.warehouse, modelled.restricted):
        path.write_bytes(b"")  # to DuckDB an empty database
    before = beside(modelled)
    with pytest.raises(BadQuestion) as caught:
        query(modelled, sql.format(folder=folder, file=other, home=modelled.home))
    assert "\n" not in str(caught.value)
    assert "the key" not in str(caught.value)
    assert list(folder.iterdir()) == []
    assert beside(modelled) == before


def test_an_answer_keeps_money_exact_and_is_json_whatever_the_numbers(modelled: Settings) -> None:
    rows = query(modelled, "select amount, 1e0 / 0 as much, 0e0 / 0 as none from marts.odd limit 1")
    assert rows == [{"amount": Decimal("1234567.89"), "much": None, "none": None}]
    assert json.loads(json.dumps(rows, default=str))[0]["amount"] == "1234567.89"


def test_a_column_that_would_hide_another_is_refused(modelled: Settings) -> None:
    with pytest.raises(BadQuestion, match="Two columns are called n"):
        query(modelled, "select 1 as n, 2 as n")


def test_a_workbook_holds_text_as_text_and_money_as_numbers(
    modelled: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "odd.xlsx"
    assert export(modelled, "marts.odd", target) == len(ODD) + 1
    head, *rows = openpyxl.load_workbook(target)["odd"].iter_rows()
    assert [cell.value for cell in head] == ["n", "said", "amount", "day"]
    assert {cell.data_type for row in rows for cell in row} <= {"n", "s", "inlineStr", "d"}
    said = [row[1].value for row in sorted(rows, key=lambda row: row[0].value)]
    assert said == [text.replace("\x07", "") or None for text in ODD] + [None]
    assert (rows[0][2].value, f"{rows[0][3].value:%Y-%m-%d}") == (1234567.89, "2022-04-30")


def test_a_csv_and_a_parquet_give_back_what_was_modelled(
    modelled: Settings, tmp_path: Path
) -> None:
    with duckdb.connect(str(modelled.analysts), read_only=True) as connection:
        wanted = connection.execute("select * from marts.odd order by n").fetchall()
    parquet, comma = tmp_path / "o'dd.parquet", tmp_path / "odd.csv"
    assert export(modelled, "marts.odd", parquet) == len(ODD) + 1
    assert export(modelled, "marts.odd", comma) == len(ODD) + 1
    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet(?) order by n", [str(parquet)])
        assert [column[1] for column in found.description or []][2] == "DECIMAL(18,2)"
        assert found.fetchall() == wanted
    with comma.open(encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: int(row["n"]))
    assert [row["said"] for row in rows] == [*map(harmless, ODD), ""]
    assert [row["said"] for row in rows[-5:]] == ["'\t=1+1", "'  =1+1", "'＝1+1", "''=1", ""]
    assert {row["amount"] for row in rows} == {"1234567.89", ""}


def test_a_number_below_nought_is_no_formula(modelled: Settings, tmp_path: Path) -> None:
    with duckdb.connect(str(modelled.analysts)) as connection:
        connection.execute(
            "create table marts.below as select -5 as n, '-5' as said, 'x' as \"a b\""
        )
    export(modelled, "marts.below", tmp_path / "below.csv")
    assert (tmp_path / "below.csv").read_text() == "n,said,a b\n-5,'-5,x\n"


@pytest.mark.parametrize(
    ("relation", "name", "because"),
    [
        ("marts.nothing", "x.csv", "There is no marts.nothing; there are marts.odd"),
        ("marts.odd; drop table marts.odd", "x.csv", "There is no"),
        ("marts.odd", "x.doc", "must end in .csv, .parquet, .xlsx"),
        ("marts.odd", "nowhere/x.csv", "There is no folder"),
    ],
)
def test_an_export_that_cannot_be_says_what_there_is(
    modelled: Settings, tmp_path: Path, relation: str, name: str, because: str
) -> None:
    with pytest.raises(BadQuestion, match=because.replace(".", "\\.")):
        export(modelled, relation, tmp_path / name)
    assert list(tmp_path.glob("x.*")) == []


def test_more_rows_than_a_sheet_holds_are_sent_to_another_format(
    modelled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SHEET_ROWS", 5)
    with pytest.raises(BadQuestion, match=r"a sheet holds 5: export to \.csv"):
        export(modelled, "marts.odd", tmp_path / "odd.xlsx")
    assert export(modelled, "marts.odd", tmp_path / "odd.csv") == len(ODD) + 1
