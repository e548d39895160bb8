"""Questions to a quarter that was run: query, export, trace, findings, status."""

from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from exports.figures.cell import harmless
from tests.support.small_returns import FORMULA_LIKE, PAYMENTS
from tests.support.social_value import FINDING, Command, Said, is_one_sentence, rows_of

pytestmark = pytest.mark.xdist_group("prefect")

STATUS = {
    "return", "sender", "period", "part", "due", "received_at", "outcome", "rows_loaded",
    "rows_quarantined", "late_days",
}  # fmt: skip
TRACE = {
    "indicator", "period", "breakdown", "value", "unit", "numerator", "denominator", "disclosure",
    "rows",
}  # fmt: skip
TRACED = {"return_id", "file", "sheet", "row", "numerator", "denominator"}


def test_query_answers_in_json_with_money_as_text(quarter: Command, ran: Said) -> None:
    said = quarter(
        "query",
        "select supplier_name, sum(amount) as amount from marts.fct_payments group by all "
        "order by all",
        "--json",
    )
    assert (said.status, said.err) == (0, "")
    assert {row["supplier_name"]: row["amount"] for row in rows_of(said)} == {
        **dict.fromkeys(FORMULA_LIKE, "30.75"),
        "Acme Ltd": "2412.00",
    }


@pytest.mark.parametrize(
    "sql",
    [
        "delete from marts.fct_payments",
        "select * from read_csv('/etc/passwd')",
        "attach 'other.duckdb' as other",
        "load httpfs",
        "set enable_external_access = true",
    ],
)
def test_query_cannot_write_read_files_attach_or_load(
    quarter: Command, ran: Said, sql: str
) -> None:
    said = quarter("query", sql, "--json")
    assert (said.status, said.out) == (2, "")
    assert is_one_sentence(said)


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_export_gives_back_every_row_and_text_stays_text(
    quarter: Command, ran: Said, tmp_path: Path, ending: str
) -> None:
    target = tmp_path / f"payments.{ending}"
    said = quarter("export", "marts.fct_payments", "--to", target, "--json")
    assert said.status == 0, said.err
    assert said.json() == {"relation": "marts.fct_payments", "path": str(target), "rows": 36}
    names, amounts = read_back(target)
    kept = map(harmless, FORMULA_LIKE) if ending == "csv" else FORMULA_LIKE
    assert sorted(set(names)) == sorted([*kept, "Acme Ltd"])
    assert (len(names), sum(amounts)) == (36, Decimal("2535.00"))


def read_back(path: Path) -> tuple[list[str], list[Decimal]]:
    """The supplier's names and the amounts that an exported file holds."""
    if path.suffix == ".xlsx":
        head, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows()
        columns = [cell.value for cell in head]
        assert "f" not in {cell.data_type for row in rows for cell in row}
        found = [dict(zip(columns, (cell.value for cell in row), strict=True)) for row in rows]
    else:
        reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
        with duckdb.connect() as connection:
            cursor = connection.execute(f"select * from {reader}(?)", [str(path)])
            columns = [column[0] for column in cursor.description or []]
            found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    amounts = [Decimal(str(row["amount"])).quantize(Decimal("0.01")) for row in found]
    return [str(row["supplier_name"]) for row in found], amounts


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ([], "95.147929"),
        (["--basis", "all"], "95.147929"),
        (["--breakdown", "district=Liverpool"], "95.147929"),
        (["--breakdown", "district=Sefton"], "0.000000"),
    ],
)
def test_a_traced_value_follows_from_its_rows(
    quarter: Command, ran: Said, words: list[str], value: str
) -> None:
    said = quarter("trace", "value", "C01", "2022-23 Q1", *words, "--json")
    assert (said.status, said.err) == (0, "")
    traced = said.json()
    assert isinstance(traced, dict)
    assert set(traced) - TRACE == {
        "basis",
        "decisions",
        "rule",
        "recomputed",
    }  # more than was promised
    assert set(traced) >= TRACE
    assert traced["rule"] == "ratio of sums"
    assert (traced["indicator"], traced["period"]) == ("C01", "2022-23 Q1")
    rows = traced["rows"]
    assert {frozenset(row) for row in rows} == {frozenset(TRACED)}
    above = sum(Decimal(row["numerator"]) for row in rows)
    below = sum(Decimal(row["denominator"]) for row in rows)
    assert (Decimal(traced["numerator"]), Decimal(traced["denominator"])) == (above, below)
    assert f"{100 * above / below:.6f}" == traced["value"] == traced["recomputed"] == value
    assert {row["file"] for row in rows} == {
        f"lcrca_2022-{month}_{part}.csv"
        for month in ("04", "05", "06")
        for part in ("corporate", "transport")
    }


def test_a_traced_row_is_the_row_of_the_file_that_was_sent(quarter: Command, ran: Said) -> None:
    found = quarter("trace", "value", "C01", "2022-23 Q1", "--json").json()
    assert isinstance(found, dict)
    odd = [
        row["row"]
        for row in found["rows"]
        if row["file"] == "lcrca_2022-04_corporate.csv" and row["denominator"] == "10.25"
    ]
    assert odd == [8, 9, 10, 11]  # below a header and six lines of 100.50


def test_a_trace_of_what_is_not_there_says_what_there_is(quarter: Command, ran: Said) -> None:
    said = quarter("trace", "value", "C01", "2030-31 Q1", "--json")
    assert (said.status, said.out) == (2, "")
    assert "2022-23 Q1" in said.err
    assert is_one_sentence(said)


def test_rows_about_people_need_a_name_and_a_reason(quarter: Command, ran: Said) -> None:
    said = quarter("trace", "value", "E01", "2022-23 Q1", "--restricted", "--json")
    assert (said.status, said.out) == (2, "")
    assert "--by NAME and --because WHY" in said.err
    assert is_one_sentence(said)


def test_findings_are_listed_with_the_cell_and_what_to_do(quarter: Command, ran: Said) -> None:
    said = quarter("findings", "--json")
    assert (said.status, said.err) == (0, "")
    rows = rows_of(said)
    assert {frozenset(row) for row in rows} == {frozenset(FINDING)}
    missing = [row for row in rows if row["rule"] == "owed_return_has_come"]
    assert {(row["file"], row["row"]) for row in missing} == {(None, None)}
    receipts = ("owed_return_has_come", "return_came_in_time")
    found = [row for row in rows if row["rule"] not in receipts]
    assert sorted((row["file"], row["row"], row["value"]) for row in found) == [
        (f"lcrca_2022-{month}_transport.csv", 4, "TBC") for month in ("04", "05", "06")
    ]
    assert {(row["severity"], row["fixed_by"], row["accepted_by"]) for row in found} == {
        ("quarantine", "sender", None)
    }


def test_status_lists_what_is_owed_with_the_keys_of_the_design(quarter: Command, ran: Said) -> None:
    said = quarter("status", "--json")
    assert (said.status, said.err) == (0, "The clock is set: it is 25 July 2022 09:00 here.\n")
    rows = rows_of(said)
    assert {frozenset(row) for row in rows} == {frozenset(STATUS)}
    came = [row for row in rows if row["received_at"]]
    assert len(came) == 12
    assert {row["outcome"] for row in came} == {"loaded"}
    assert {row["outcome"] for row in rows if row not in came} == {"missing"}
    assert {row["received_at"] for row in came} == {"2022-07-25T09:00:00"}
    late = {row["period"]: row["late_days"] for row in came if row["return"] == PAYMENTS}
    assert late == {"2022-04": 71, "2022-05": 40, "2022-06": 10}


def test_a_listing_without_json_is_a_table_for_the_eye(quarter: Command, ran: Said) -> None:
    said = quarter("status", "--all")
    summed_up, head, *lines = said.out.splitlines()
    assert summed_up.split()[1] == "returns:"
    assert head.split()[:4] == ["period", "return", "sender", "part"]
    assert len(lines) == len(rows_of(quarter("status", "--json")))
