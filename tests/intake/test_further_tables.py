"""A workbook's further tables: read, judged and kept beside the return's own, at once."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.returns.contract import Contract
from flows.warehouse.connection import reading

Take = Callable[..., Ingested]
Sheet = Sequence[Sequence[object]]

PROMISES: Sheet = [
    ["Contract reference", "Measure code", "Quantity"],
    ["C1", "M08", 12],
    ["C2", "M08", 4],
]
PROFILE: Sheet = [
    ["Contract reference", "Measure code", "Quarter", "Quantity"],
    ["C1", "M08", "2022-23 Q1", 3],
    ["C1", "M08", "2022-23 Q2", 9],
    ["C2", "M08", "2022-23 Q1", 4],
]
NAME = "lcrca_2022-23-q1.xlsx"


def workbook(**sheets: Sheet) -> bytes:
    """A workbook of these sheets, in this order."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def promise(take: Take) -> Callable[..., Ingested]:
    """Take in a workbook of commitments with these sheets."""

    def taken(**sheets: Sheet) -> Ingested:
        return take(workbook(**sheets), NAME, "procurement_commitments")

    return taken


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with reading(settings) as connection:
        return connection.execute(sql).fetchall()


OWN = "select contract_reference, quantity from warehouse.landed.procurement_commitments order by 1"
FURTHER = (
    "select _sheet, _row, contract_reference, quarter, quantity "
    "from warehouse.landed.procurement_commitments_profile order by _sheet, _row"
)


def test_both_tables_land_under_one_return_and_count_together(
    promise: Callable[..., Ingested], settings: Settings
) -> None:
    taken = promise(Commitments=PROMISES, Profile_by_quarter=PROFILE)

    assert (taken.outcome, taken.counts.loaded, taken.counts.read) == ("loaded", 5, 5)
    assert ask(settings, OWN) == [("C1", 12), ("C2", 4)]
    assert ask(settings, FURTHER) == [
        ("Profile by quarter", 2, "C1", "2022-23 Q1", 3),
        ("Profile by quarter", 3, "C1", "2022-23 Q2", 9),
        ("Profile by quarter", 4, "C2", "2022-23 Q1", 4),
    ]
    ids = ask(
        settings,
        "select distinct _return_id from warehouse.landed.procurement_commitments union "
        "select distinct _return_id from warehouse.landed.procurement_commitments_profile",
    )
    assert ids == [(taken.returns[0],)]


def test_a_sheet_called_anything_is_known_by_its_headers(
    promise: Callable[..., Ingested], settings: Settings
) -> None:
    """The profile has every column that the promises must have, and one more."""
    promise(Sheet2=PROFILE, Sheet1=PROMISES)

    assert ask(settings, OWN) == [("C1", 12), ("C2", 4)]
    assert len(ask(settings, FURTHER)) == 3


def test_titles_notes_and_blank_rows_of_a_further_table_are_dropped_and_counted(
    promise: Callable[..., Ingested], settings: Settings
) -> None:
    rows = [["Profile of deliveries"], [], *PROFILE[:2], [None, None, None], *PROFILE[2:]]

    taken = promise(Commitments=PROMISES, Profile=rows)

    assert (taken.counts.loaded, taken.counts.dropped) == (5, 3)
    dropped = 'select sheet, "row", why from warehouse.ledger.dropped order by 2'
    assert ask(settings, dropped) == [
        ("Profile", 1, "title"),
        ("Profile", 2, "blank"),
        ("Profile", 5, "blank"),
    ]


def test_a_bad_row_of_a_further_table_waits_and_names_its_sheet(
    promise: Callable[..., Ingested], settings: Settings
) -> None:
    rows = [*PROFILE, ["C2", "M08", "2022-23 Q2", "a few"], ["C2", "M08", "soon", 1]]

    taken = promise(Commitments=PROMISES, Profile=rows)

    assert (taken.outcome, taken.counts.loaded, taken.counts.quarantined) == ("loaded", 5, 2)
    assert len(ask(settings, FURTHER)) == 3
    assert ask(settings, 'select sheet, "row", rules from warehouse.ledger.quarantined') == [
        ("Profile", 5, "cell_reads"),
        ("Profile", 6, "quarter_is_a_financial_quarter"),
    ]
    found = 'select sheet, "row", "column", "value", rule from warehouse.ledger.findings order by 2'
    assert ask(settings, found) == [
        ("Profile", 5, "quantity", "a few", "cell_reads"),
        ("Profile", 6, "quarter", "soon", "quarter_is_a_financial_quarter"),
    ]
    checks = "select outcome from warehouse.ledger.checks where rule = 'profile_stands_once'"
    assert ask(settings, checks) == [("passed",)], "what its own suite said is kept too"


def test_a_workbook_without_the_further_sheet_and_a_csv_are_whole(
    promise: Callable[..., Ingested], take: Take, settings: Settings
) -> None:
    assert promise(Commitments=PROMISES).counts.loaded == 2
    text = "Contract reference,Measure code,Quantity\nC1,M08,12\n"
    taken = take(text, "lcrca_2022-23-q2.csv", "procurement_commitments")

    assert (taken.outcome, taken.counts.loaded) == ("loaded", 1)


def test_a_further_sheet_with_a_header_alone_is_nothing(
    promise: Callable[..., Ingested], settings: Settings
) -> None:
    assert promise(Commitments=PROMISES, Profile=PROFILE[:1]).counts.read == 2
    assert ask(settings, "select count(*) from warehouse.ledger.findings") == [(0,)]


def test_a_further_sheet_that_lacks_a_column_rejects_the_file_and_says_which(
    promise: Callable[..., Ingested],
) -> None:
    taken = promise(Commitments=PROMISES, Profile=[["Contract reference", "Measure code"], ["C1"]])

    assert taken.outcome == "rejected"
    assert taken.reason is not None
    assert taken.reason.startswith(
        f"{NAME}, sheet Profile, row 1: no column for quarter or quantity (looked for Quarter, "
    )


def test_a_sheet_of_words_under_the_further_tables_name_is_left_out_with_a_finding(
    promise: Callable[..., Ingested], settings: Settings
) -> None:
    taken = promise(Commitments=PROMISES, Profile=[["None this quarter."]])

    assert (taken.outcome, taken.counts.loaded, taken.counts.dropped) == ("loaded", 2, 1)
    assert ask(settings, "select rule from warehouse.ledger.findings") == [("sheets_are_known",)]


def test_further_rows_without_the_returns_own_are_refused(
    promise: Callable[..., Ingested],
) -> None:
    taken = promise(Profile=PROFILE)

    assert taken.outcome == "rejected"
    assert taken.reason == f"{NAME} holds no sheet of social value committed in contracts: add it."


def test_a_table_that_must_come_rejects_a_file_without_it(take: Take, rules: Rules) -> None:
    told = rules.contracts["procurement_commitments"].model_dump(by_alias=True)
    told["also"][0]["required"] = True
    strict = replace(
        rules,
        contracts={**rules.contracts, "procurement_commitments": Contract.model_validate(told)},
    )

    for content, name in (
        (workbook(Commitments=PROMISES), NAME),
        (b"Contract reference,Measure code,Quantity\nC1,M08,12\n", "lcrca_2022-23-q1.csv"),
    ):
        taken = take(content, name, "procurement_commitments", use=strict)
        assert taken.outcome == "rejected"
        assert taken.reason == (
            f"{name} has no sheet of profile of commitments by quarter (looked for one called "
            "profile or profile by quarter or delivery profile): add it."
        )


def test_money_is_counted_in_the_returns_own_table_alone(take: Take, settings: Settings) -> None:
    register = [["Contract reference", "Title", "Supplier", "Value"], ["C1", "Roads", "Acme", 1.5]]
    kpis = [["Contract", "KPI", "Target", "Achieved", "Assessed on"]]
    kpis[0][0] = "Contract reference"
    kpis.append(["C1", "On time", "90", "85", "30/06/2022"])

    taken = take(workbook(Register=register, KPIs=kpis), NAME, "procurement_contracts")

    assert (taken.outcome, taken.counts.loaded) == ("loaded", 2)
    assert str(taken.counts.amount_total) == "1.50"
    landed = "select kpi, target, achieved, assessed_on from warehouse.landed"
    assert ask(settings, f"{landed}.procurement_contracts_kpis") == [
        ("On time", 90, 85, date(2022, 6, 30))
    ]


def test_a_further_table_may_not_hold_the_returns_money(rules: Rules) -> None:
    told = rules.contracts["procurement_contracts"].model_dump(by_alias=True)
    told["also"][0]["money"] = "target"

    with pytest.raises(ValueError, match="the money of a return is counted in its first table"):
        Contract.model_validate(told)
