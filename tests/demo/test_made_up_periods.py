"""The demo's own calendar and its list of what is owed."""

from datetime import date

import pytest

from flows.demo.made.authority.authority import contracted, suppliers
from flows.demo.made.authority.periods import (
    HALVES,
    MONTHS,
    QUARTERS,
    first_day,
    label_of,
    last_day,
    months_of,
    slug,
)
from flows.demo.made.contracts.commitments import quarters_owed
from flows.demo.made.obligations import due, obligations


def test_two_years_of_months_quarters_and_halves() -> None:
    assert (len(MONTHS), MONTHS[0], MONTHS[-1]) == (24, "2021-04", "2023-03")
    assert [months_of(quarter)[0] for quarter in QUARTERS] == list(MONTHS[::3])
    assert [months_of(half)[-1] for half in HALVES] == list(MONTHS[5::6])
    assert months_of("2022-23") == MONTHS[12:]


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("2021-22 Q4", date(2022, 1, 1), date(2022, 3, 31)),
        ("2022-23 H1", date(2022, 4, 1), date(2022, 9, 30)),
        ("2022-23", date(2022, 4, 1), date(2023, 3, 31)),
    ],
)
def test_first_and_last_day(label: str, first: date, last: date) -> None:
    assert (first_day(label), last_day(label)) == (first, last)


def test_days_lead_back_to_their_periods() -> None:
    assert label_of(date(2022, 4, 1), "quarter") == "2022-23 Q1"
    assert label_of(date(2022, 3, 31), "year") == "2021-22"
    assert label_of(date(2023, 4, 1), "month") == ""
    assert slug("2022-23 Q1") == "2022-23-q1"


def test_suppliers_owe_a_return_while_a_contract_with_commitments_is_live() -> None:
    owed = {o.sender: o for o in obligations() if o.return_name == "supplier_returns"}
    assert len(owed) == 58
    assert sum(len(one.periods()) for one in owed.values()) == 395
    for supplier in contracted():
        quarters = quarters_owed(supplier.supplier_id)  # without a gap
        sender = f"s{supplier.supplier_id}"
        assert (list(owed[sender].periods()) if quarters else []) == quarters


def test_progress_is_owed_since_the_framework_began() -> None:
    owed = [o for o in obligations() if o.return_name == "commitment_progress"]
    assert {o.periods()[0] for o in owed} == {"2022-23 Q1"}


def test_what_is_due_and_when() -> None:
    assert due("finance_payments", "lcrca", "2022-06", "transport") == date(2022, 7, 15)
    assert due("hr_workforce", "lcrca", "2021-22 Q4") == date(2022, 4, 20)
    assert due("case_studies", "lcrca", "2021-22 Q4") is None


def test_some_suppliers_have_no_known_size_and_some_move() -> None:
    assert sum(not supplier.size for supplier in suppliers()) >= 2
    assert sum(not supplier.vcse for supplier in suppliers()) >= 2
    moving = [supplier for supplier in suppliers() if supplier.moved]
    assert moving
    for supplier in moving:
        assert supplier.postcode_in("2021-04") != supplier.postcode_in("2023-03")
