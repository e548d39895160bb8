"""What procurement sends: three forms of a register, and every fault where the list says it is."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from flows.demo.made.authority.delivery import Sending
from flows.demo.made.contracts.contracts import contract
from flows.demo.made.contracts.procurement import COMMITMENTS, CONTRACTS, procurement_sendings
from flows.demo.made.contracts.register import (
    FORMS,
    IN_LOTS,
    NOTICE_CORRECTED,
    NOTICE_TYPO,
    NOTICES,
    TEN_TIMES,
    register,
)
from tests.support.made_files import cell_texts, column, sheets_of

SENT = list(procurement_sendings())
REGISTERS = [s for s in SENT if s.delivery.return_name == CONTRACTS]
PROMISED = [s for s in SENT if s.delivery.return_name == COMMITMENTS]


def _of(quarter: str, sent: list[Sending] = REGISTERS) -> list[Sending]:
    return [s for s in sent if s.period == quarter]


def _releases(quarter: str) -> list[dict[str, Any]]:
    package = json.loads(_of(quarter)[0].delivery.content)
    return list(package["releases"])


def test_the_same_files_each_time() -> None:
    assert list(procurement_sendings()) == SENT


def test_both_returns_come_for_each_quarter_and_two_are_corrected() -> None:
    assert set(FORMS) == {s.period for s in REGISTERS} == {s.period for s in PROMISED}
    assert [s.period for s in SENT if s.corrects] == ["2021-22 Q2", "2022-23 Q4"]
    assert [s.delivery.file_name for s in SENT if s.outcome == "duplicate"] == [
        "lcrca_2021-22-q1.csv"
    ]


def test_every_planted_fault_stands_where_it_is_said_to() -> None:
    for sending in SENT:
        for fault in sending.planted:
            if fault.row:
                assert fault.text in cell_texts(sending, fault.sheet, fault.row), fault


def test_every_kind_of_fault_is_planted() -> None:
    assert {fault.kind for s in SENT for fault in s.planted} == {
        "row without a reference",
        "word for a value",
        "word for a date",
        "no award date",
        "extension under the same reference",
        "identical rows that are one contract",
        "reference written another way",
        "no word of the scheme",
        "two releases of one award",
        "a later release corrects an earlier one",
        "a promise of nought",
        "the same row twice",
        "an unreadable quantity",
        "a code that nobody knows",
    }


def test_a_table_adds_up_to_what_its_sending_says_and_to_the_total_at_its_foot() -> None:
    for sending in _of("2021-22 Q1")[:1] + _of("2022-23 Q1"):
        values = column(sheets_of(sending)[""], "Contract value (£)", below=4)
        amounts = [
            Decimal(str(v).strip(" £").replace(",", "")) for v in values if str(v).startswith("£")
        ]
        assert sum(amounts[:-1]) == amounts[-1] == sending.loaded.amount
        assert len(values) - 1 == sending.loaded.rows


def test_a_workbook_has_numbers_and_days_and_ratings_on_a_sheet_of_their_own() -> None:
    for quarter in ("2021-22 Q2", "2022-23 Q4"):
        sheets = sheets_of(_of(quarter)[-1])
        assert list(sheets) == ["Contracts", "KPIs", "Notes"]
        values = column(sheets["Contracts"], "Contract value")
        told = _of(quarter)[-1]
        rated = len(sheets["KPIs"]) - 1
        assert len(values) + rated == told.loaded.rows + told.quarantined.rows
        assert sum(isinstance(v, int | float) for v in values) >= len(values) - 2
        assert len(sheets["KPIs"]) > 5


def test_a_spreadsheet_loses_the_zeros_of_company_numbers() -> None:
    numbers = column(sheets_of(_of("2021-22 Q2")[0])["Contracts"], "CRN")
    short = {n for n in numbers if isinstance(n, int) and n < 10_000_000}
    assert len(short) >= 2
    table = column(sheets_of(_of("2021-22 Q1")[0])[""], "Company Number", below=4)
    assert {str(n) for n in short} & set(table)


def test_an_award_is_put_right_by_a_later_release_of_the_same_minute_hand() -> None:
    released = [r for r in _releases("2021-22 Q3") if r["tender"]["id"] == NOTICE_TYPO]
    assert [r["date"][11:16] for r in released] == ["10:06", "10:00"]
    assert len({r["ocid"] for r in released}) == 1
    values = [r["awards"][0]["value"]["amount"] for r in released]
    assert values[1] == 100 * values[0] == 100 * float(contract(NOTICE_TYPO).value)


def test_a_later_package_corrects_a_notice_of_an_earlier_one() -> None:
    quarters = ("2021-22 Q3", "2022-23 Q2")
    found = [r for q in quarters for r in _releases(q) if r["tender"]["id"] == NOTICE_CORRECTED]
    assert len({r["ocid"] for r in found}) == 1
    assert [r["awards"][0]["value"]["amount"] for r in found] == [186000.0, 156000.0]


def test_tenders_and_plans_stand_among_the_awards() -> None:
    tags = Counter(r["tag"][0] for r in _releases("2021-22 Q3"))
    assert tags["tender"] == tags["planning"] == 1
    assert tags["award"] + tags["awardUpdate"] == _of("2021-22 Q3")[0].loaded.rows


def test_a_tender_that_suits_small_firms_is_won_by_large_ones() -> None:
    won = [r for r in _releases("2021-22 Q3") if "awards" in r]
    scales = {
        r["parties"][1]["details"].get("scale") for r in won if r["tender"]["suitability"]["sme"]
    }
    assert {"large", "sme"} <= scales


def test_a_register_lists_what_is_live_or_to_come() -> None:
    for quarter, form in FORMS.items():
        if form != NOTICES:
            keys = {entry.key for entry in register(quarter)}
            assert 80 < len(keys) < 170
    lots = [e for e in register("2022-23 Q4") if e.key == IN_LOTS]
    assert sum(e.value or 0 for e in lots) == contract(IN_LOTS).value
    slipped = next(e for e in register("2021-22 Q1") if e.key == TEN_TIMES)
    assert slipped.value == 10 * contract(TEN_TIMES).value


def test_commitments_come_with_their_profile_on_a_sheet_of_its_own() -> None:
    assert list(sheets_of(_of("2021-22 Q1", PROMISED)[0])) == [""]
    for sending in PROMISED[1:]:
        sheets = sheets_of(sending)
        assert list(sheets) == ["Commitments", "Profile"]
        rows = len(sheets["Commitments"]) + len(sheets["Profile"]) - 2
        assert rows == sending.loaded.rows + sending.quarantined.rows
        assert len(sheets["Profile"]) > 100


def test_officers_are_named_in_every_register() -> None:
    for sending in REGISTERS:
        if sending.delivery.file_name.endswith("xlsx"):
            said = str(sheets_of(sending)["Contracts"])
        else:
            said = sending.delivery.content.decode("utf-8-sig")
        assert "@canary.invalid" in said
