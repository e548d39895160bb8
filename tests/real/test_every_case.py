"""Every small file that failed once gives what the collection's README calls right."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.submission import Ingested, Submission
from flows.intake.take_in import take_in
from flows.modelling.build import build
from flows.returns.identity import Hints
from flows.warehouse.connection import reading
from tests.support.sent_files import landed

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here"),
]
Send = Callable[..., Ingested]


@pytest.fixture
def send(settings: Settings, rules: Rules) -> Send:
    def sent(
        name: str,
        return_name: str = "finance_payments",
        sender: str = "lcrca",
        period: str | None = None,
    ) -> Ingested:
        hints = Hints(sender=sender, period=read_period(period) if period else None)
        return take_in(Submission(CASES / name, return_name, hints, False), rules, settings)

    return sent


def asked(settings: Settings, sql: str) -> list[tuple]:
    with reading(settings) as connection:
        return connection.execute(sql).fetchall()


def test_a_sum_that_the_models_cannot_hold(send: Send, settings: Settings) -> None:
    assert send("x1_2025-04.csv").outcome == "loaded"

    assert landed(settings).rows == [(2, "Alder Ltd", Decimal("100.00"))]
    assert landed(settings).quarantined == {3: "cell_reads"}


def test_a_sheet_whose_heading_is_another_word(send: Send) -> None:
    taken = send("m1_2025-26-Q1.xlsx", period="2025-26 Q1")

    assert taken.outcome == "rejected"
    assert "sheet May, row 1: no column for amount" in taken.reason
    assert "Paid sum" in taken.reason


def test_one_month_first_date_among_others(send: Send, settings: Settings) -> None:
    assert send("d1_2025-04.csv").period == "2025-04"

    assert [row for row, _, _ in landed(settings).rows] == [2, 3]
    assert landed(settings).quarantined == {4: "cell_reads"}


def test_as_many_dates_month_first_as_day_first(send: Send) -> None:
    assert "(31/03/21 in row 3; but 3/31/2021 in row 2)" in send("n1_2021-03.csv").reason


def test_instants_with_a_zone(send: Send, settings: Settings) -> None:
    send("p02_2025-04.csv")

    days = asked(
        settings,
        "select payment_date from warehouse.landed.finance_payments where "
        "supplier_name = 'Elm Ltd'",
    )
    assert days == [(date(2025, 4, 1),)]


def test_a_currency_column(send: Send, settings: Settings) -> None:
    send("d6_2025-04.csv")

    assert landed(settings).rows == [(2, "Alder Ltd", Decimal("10.00"))]
    assert {finding[2] for finding in landed(settings).findings} == {"currency"}


def test_merged_cells(send: Send, settings: Settings) -> None:
    send("d8_2025-26-Q1.xlsx", "supplier_returns")

    rows = asked(settings, "select _row, contract_reference from warehouse.landed.supplier_returns")
    assert sorted(rows) == [(row, "C-100") for row in (2, 3, 4, 5)]


def test_formulas_that_were_never_calculated(send: Send) -> None:
    taken = send("d9_2025-26-Q1.xlsx", "supplier_returns")

    assert taken.outcome == "rejected"
    assert "did not work out its formulas (such as =3+4 in C2)" in taken.reason


def test_a_hidden_sheet(send: Send, settings: Settings) -> None:
    send("p10_2025-04.xlsx")

    assert "999.00" not in [str(amount) for _, _, amount in landed(settings).rows]
    assert "Hidden sheets were left out: Old" in landed(settings).message("sheets_are_seen")


def test_contracts_that_came_to_nothing(send: Send, settings: Settings) -> None:
    send("c1_2025-26-Q1.csv", "procurement_contracts")

    rows = asked(
        settings,
        "select contract_reference, status from warehouse.landed.procurement_contracts order by 1",
    )
    assert rows == [("R1", "active"), ("R2", "cancelled"), ("R4", "withdrawn")]
    assert landed(settings).quarantined == {4: "cell_reads"}


def test_an_amendment_that_says_only_what_changed(send: Send, settings: Settings) -> None:
    send("o6_2025-26-Q1.json", "procurement_contracts")

    rows = asked(
        settings,
        "select distinct supplier_name, start_date, value from "
        "warehouse.landed.procurement_contracts",
    )
    assert rows == [("Alder Works Ltd", date(2025, 6, 1), Decimal("100000.00"))]


def test_award_ids_that_repeat(send: Send, settings: Settings) -> None:
    send("o7_2025-26-Q1.json", "procurement_contracts")

    rows = asked(
        settings,
        "select supplier_name, cast(value as integer) from "
        "warehouse.landed.procurement_contracts order by _row",
    )
    assert rows == [
        ("Alder Ltd", 100000), ("Birch Ltd", 50000), ("Cedar Ltd", 70000), ("Dogwood Ltd", 30000),
        ("Elm Ltd", 40000), ("Fir Ltd", 20000),
    ]  # fmt: skip


def test_the_standard_lists_of_people(send: Send, settings: Settings) -> None:
    send("h1_2025-26-Q1.csv", "hr_workforce")

    unread = {finding[2] for finding in landed(settings).findings if finding[0] == "cell_reads"}
    assert unread <= {"sex"}
    groups = asked(
        settings,
        "select ethnicity, count(*) from warehouse.landed.hr_workforce group by all order by 1",
    )
    assert dict(groups) == {
        "asian": 6,
        "black": 4,
        "mixed": 2,
        "other": 2,
        "undisclosed": 4,
        "white": 8,
    }


@pytest.mark.parametrize("name", ["lcrca_2022-07_v1.csv", "lcrca_2022-07_v3.csv"])
def test_a_thousands_comma_that_nobody_quoted(send: Send, settings: Settings, name: str) -> None:
    send(name)

    assert {amount for _, _, amount in landed(settings).rows} == {Decimal("100.00")}
    assert landed(settings).quarantined == {7: "row_fits_its_header"}
    assert "a comma" in landed(settings).message("row_fits_its_header")


def test_two_columns_that_claim_the_amount(send: Send) -> None:
    taken = send("lcrca_2022-07_d.csv")

    assert taken.outcome == "rejected"
    assert "columns 2 and 5 are both called Net amount (£)" in taken.reason


def test_amounts_that_no_ledger_writes(send: Send, settings: Settings) -> None:
    send("lcrca_2022-07_e.csv")

    read = {row: amount for row, _, amount in landed(settings).rows}
    assert read == {6: 0, 7: 0, 8: 0, 20: Decimal("-100.00"), 21: Decimal("-100.00")}


@pytest.mark.parametrize("name", ["zlib_error.xlsx", "zlib_error.ods"])
def test_one_damaged_byte(send: Send, name: str) -> None:
    taken = send(name, period="2022-07")

    assert taken.outcome == "rejected"
    assert "is a damaged workbook" in taken.reason


@pytest.mark.slow
def test_none_of_them_stops_a_build_and_each_contract_is_its_own(
    send: Send, settings: Settings
) -> None:
    for name in ("x1_2025-04.csv", "lcrca_2022-07_e.csv"):
        send(name)
    send("lcrca_2025-26-Q1_y1.csv", "procurement_contracts")
    send("merseytravel_2025-26-Q1_y1.csv", "procurement_contracts", sender="merseytravel")
    send("c1_2025-26-Q1.csv", "procurement_contracts", sender="wirral")

    build(settings)

    with duckdb.connect(str(settings.analysts), read_only=True) as models:
        contracts = models.execute(
            "select contract_title, value from marts.dim_contracts"
        ).fetchall()
    assert sorted((title, int(value)) for title, value in contracts) == [
        ("Alpha", 100000), ("Ferry cleaning", 900000), ("Road repairs", 100000),
    ]  # fmt: skip
