"""CSV, CSVW and Parquet: what machines read."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from exports.figures.machine_files import csv_text, csvw_text, write_parquet
from tests.support.exports_made import TABLES, Change, chosen


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_csv_is_tidy_with_column_names_lf_and_symbols(analysts: Change) -> None:
    text = csv_text(chosen(analysts(), "returns_received"))
    assert "\r" not in text
    assert text.endswith("\n")
    assert rows_of(text)[1] == {
        "quarter": "2022-23 Q1",
        "return": "finance_payments",
        "sender": "lcrca",
        "period": "2022-05",
        "part": "transport",
        "due": "2022-06-14",
        "received_at": "[x]",
        "outcome": "missing",
        "late_days": "27",
        "rows_loaded": "[x]",
        "rows_quarantined": "[x]",
        "rows_dropped": "[x]",
    }


def test_the_csv_holds_no_text_that_a_spreadsheet_would_run(analysts: Change) -> None:
    hostile = "update publication.pub_indicators set title = '=HYPERLINK(\"x\")'"
    text = csv_text(chosen(analysts(hostile), "indicators"))
    assert {row["title"] for row in rows_of(text)} == {'\'=HYPERLINK("x")'}


def test_a_negative_figure_is_no_formula(analysts: Change) -> None:
    text = csv_text(chosen(analysts(), "spend_by_place"))
    assert [row["amount"] for row in rows_of(text)] == ["1003858435.21", "-12.30", "17.00"]


def test_a_table_without_rows_is_a_header(analysts: Change) -> None:
    text = csv_text(chosen(analysts(), "data_quality"))
    assert text.count("\n") == 1


@pytest.mark.parametrize("name", TABLES)
def test_the_csvw_description_fits_the_csv_beside_it(analysts: Change, name: str) -> None:
    selection = chosen(analysts(), name)
    described = json.loads(csvw_text(selection, "A title"))
    rows = list(csv.reader(io.StringIO(csv_text(selection))))
    columns = described["tableSchema"]["columns"]
    assert [column["titles"] for column in columns] == rows[0]
    assert described["url"] == f"{name}.csv"
    assert set(described["tableSchema"]["primaryKey"]) <= set(rows[0])
    for row in rows[1:]:
        for column, text in zip(columns, row, strict=True):
            assert text
            if text in column.get("null", []):
                continue
            kind = column["datatype"]
            base = kind if isinstance(kind, str) else kind["base"]
            if base in ("integer", "decimal"):
                Decimal(text)
            elif base == "boolean":
                assert text in kind["format"].split("|")
            elif base == "date":
                date.fromisoformat(text)
            elif base == "dateTime":
                datetime.fromisoformat(text)


def test_the_parquet_is_typed_and_null_where_the_csv_has_a_symbol(
    analysts: Change, tmp_path: Path
) -> None:
    path = tmp_path / "it's.parquet"
    with duckdb.connect() as scratch:
        write_parquet(scratch, chosen(analysts(), "local_spend"), path)
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(path))
        types = dict(zip(found.columns, map(str, found.types), strict=True))
        rows = found.project("place, to_date, amount_in_place, percent_of_known").fetchall()
    assert types["percent_of_known"] == "DECIMAL(24,1)"
    assert types["amount_in_place"] == "DECIMAL(24,2)"
    assert types["months_received"] == "BIGINT"
    assert rows == [
        ("Liverpool City Region", False, Decimal("1003858435.21"), Decimal("67.0")),
        ("Halton", False, Decimal("0.01"), Decimal("0.0")),
        ("Liverpool City Region", False, Decimal("0.00"), None),
        ("Liverpool City Region", True, Decimal("1003858435.21"), Decimal("66.9")),
    ]


def test_text_in_the_parquet_is_the_original(analysts: Change, tmp_path: Path) -> None:
    with duckdb.connect() as scratch:
        write_parquet(scratch, chosen(analysts(), "returns_received"), tmp_path / "a.parquet")
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(tmp_path / "a.parquet")).project("sender").fetchall()
    assert ("=lcrca",) in rows


@pytest.mark.parametrize("name", TABLES)
def test_two_parquet_files_of_the_same_rows_have_the_same_bytes(
    analysts: Change, tmp_path: Path, name: str
) -> None:
    first, second = tmp_path / "a.parquet", tmp_path / "b.parquet"
    with duckdb.connect() as scratch:
        write_parquet(scratch, chosen(analysts(), name), first)
    with duckdb.connect() as scratch:
        write_parquet(scratch, chosen(analysts(), name), second)
    assert first.read_bytes() == second.read_bytes()
