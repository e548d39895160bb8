"""Payments, promises and deliveries beside the contract register and each other."""

from collections.abc import Callable

import pytest

from expectations.suite import Row
from flows.common.settings import Settings
from flows.intake.rules import Rules
from tests.support.standing_returns import StandingReturns

REFERENCES, SPEND = "across_contract_references", "across_contract_spend"
KEYS = "across_contract_keys"
Q1, Q2 = "2022-23 Q1", "2022-23 Q2"


@pytest.fixture
def books(settings: Settings, rules: Rules) -> StandingReturns:
    return StandingReturns(settings, rules)


def contract(reference: str = "CR-1", value: int | None = 1000, **more: object) -> Row:
    told = {"contract_title": "Cleaning", "start_date": "2022-04-01", "end_date": "2023-03-31"}
    return {"contract_reference": reference, "value": value, **told, **more}


def paid(reference: str | None = "CR-1", amount: int = 100, **more: object) -> Row:
    return {"contract_reference": reference, "amount": amount, "supplier_id": "S1", **more}


def claim(
    reference: str = "CR-1", measure: str = "M08", quantity: float = 5, **more: object
) -> Row:
    return {"contract_reference": reference, "measure_code": measure, "quantity": quantity, **more}


def test_a_payment_names_a_contract_that_the_register_has(books: StandingReturns) -> None:
    books.add("procurement_contracts", "lcrca", Q1, contract())
    month = books.add(
        "finance_payments",
        "lcrca",
        "2022-04",
        paid(),
        paid(" cr-1 "),
        paid("CR-9"),
        paid("CR-9"),
        paid(None),
    )

    assert books.found(REFERENCES) == [
        ("payment_names_a_contract_of_the_register", month, 4, "CR-9")
    ]


def test_a_contract_that_left_the_register_is_still_known(books: StandingReturns) -> None:
    books.add("procurement_contracts", "lcrca", Q1, contract("CR-1"))
    books.add("procurement_contracts", "lcrca", Q2, contract("CR-2"))
    books.add("finance_payments", "lcrca", "2022-08", paid("CR-1"))

    assert books.found(REFERENCES) == []


def test_payments_wait_for_the_register_of_their_own_quarter(books: StandingReturns) -> None:
    books.add("procurement_contracts", "lcrca", Q1, contract())
    books.add("finance_payments", "lcrca", "2022-07", paid("CR-NEW"))

    assert books.found(REFERENCES) == []


def test_another_bodys_register_says_nothing_of_our_payments(books: StandingReturns) -> None:
    books.add("procurement_contracts", "halton", Q1, contract())
    books.add("finance_payments", "lcrca", "2022-04", paid("CR-9"))

    assert books.found(REFERENCES) == []


def test_without_any_register_nothing_is_said(books: StandingReturns) -> None:
    books.add("finance_payments", "lcrca", "2022-04", paid("CR-9"))

    assert books.found(REFERENCES) == books.found(SPEND) == []


def test_promises_and_deliveries_name_contracts_of_the_register(books: StandingReturns) -> None:
    books.add("procurement_contracts", "lcrca", Q1, contract())
    promised = books.add("procurement_commitments", "lcrca", Q1, claim(), claim("CR-8"))
    delivered = books.add("supplier_returns", "s400101", Q1, claim(), claim("CR-9"), claim("CR-9"))

    assert books.found(REFERENCES) == [
        ("promise_names_a_contract_of_the_register", promised, 3, "CR-8"),
        ("delivery_names_a_contract_of_the_register", delivered, 3, "CR-9"),
    ]


def test_a_delivery_is_claimed_by_the_supplier_that_holds_the_contract(
    books: StandingReturns,
) -> None:
    books.add(
        "procurement_contracts",
        "lcrca",
        Q1,
        contract("CR-1", supplier_id="400101"),
        contract("CR-2", supplier_id="400102"),
        contract("CR-3"),
    )
    delivered = books.add(
        "supplier_returns", "s400101", Q1, claim("CR-1"), claim("CR-2"), claim("CR-3")
    )

    assert books.found(REFERENCES) == [
        ("delivery_is_claimed_by_the_contracts_holder", delivered, 3, "CR-2")
    ]


@pytest.mark.parametrize(
    ("quarter", "is_found"),
    [("2021-22 Q4", True), (Q1, False), ("2022-23 Q4", False), ("2023-24 Q1", True)],
)
def test_a_delivery_lies_in_the_contracts_life(
    books: StandingReturns, quarter: str, is_found: bool
) -> None:
    books.add("procurement_contracts", "lcrca", "2023-24 Q1", contract())
    delivered = books.add("supplier_returns", "s400101", quarter, claim())

    wanted = [("delivery_lies_in_the_contracts_life", delivered, 2, "CR-1")]
    assert books.found(REFERENCES) == (wanted if is_found else [])


@pytest.mark.parametrize(("amount", "is_found"), [(1100, False), (1101, True)])
def test_more_than_110_per_cent_of_a_contracts_value_is_found_at_its_own_row(
    books: StandingReturns, amount: int, is_found: bool
) -> None:
    books.add("procurement_contracts", "lcrca", Q1, contract(value=5000))
    newest = books.add("procurement_contracts", "lcrca", Q2, contract("CR-2"), contract())
    books.add("finance_payments", "lcrca", "2022-04", paid(amount=600), paid("CR-2"))
    books.add("finance_payments", "lcrca", "2022-07", paid(amount=amount - 600), paid("CR-9", 5000))

    shown = "CR-1: GBP 1101.00 paid, GBP 1000.00 agreed"
    wanted = [("spend_is_within_the_contract", newest, 3, shown)]
    assert books.found(SPEND) == (wanted if is_found else [])


def test_an_extension_and_a_lot_add_to_the_value_and_a_row_sent_twice_does_not(
    books: StandingReturns,
) -> None:
    extension = contract(value=500, is_extension=True, start_date="2023-04-01")
    books.add("procurement_contracts", "lcrca", Q1, contract(), extension, contract())
    books.add("finance_payments", "lcrca", "2022-04", paid(amount=1650))
    assert books.found(SPEND) == []

    books.add("finance_payments", "lcrca", "2022-05", paid(amount=1))
    assert [found[0] for found in books.found(SPEND)] == ["spend_is_within_the_contract"]


def test_a_contract_without_a_value_cannot_be_overspent(books: StandingReturns) -> None:
    books.add("procurement_contracts", "lcrca", Q1, contract(value=None))
    books.add("finance_payments", "lcrca", "2022-04", paid(amount=10**6))

    assert books.found(SPEND) == []


def test_a_supplier_that_no_vendor_master_ever_had_is_found_once_a_return(
    books: StandingReturns,
) -> None:
    books.add("finance_vendors", "lcrca", "2022-04", {"supplier_id": "S1"})
    books.add("finance_vendors", "lcrca", "2022-05", {"supplier_id": "S2"})
    month = books.add(
        "finance_payments",
        "lcrca",
        "2022-05",
        paid(supplier_id="S2"),
        paid(supplier_id="S9"),
        paid(supplier_id="S1"),
        paid(supplier_id="S9"),
        paid(supplier_id=None),
    )
    books.add("finance_payments", "lcrca", "2022-06", paid(supplier_id="S8"))  # no master yet

    assert books.found("across_vendors") == [
        ("paid_supplier_is_in_the_vendor_master", month, 3, "S9")
    ]


def test_profiles_add_up_to_what_is_promised(books: StandingReturns) -> None:
    promised = books.add(
        "procurement_commitments", "lcrca", Q1, claim(quantity=40), claim("CR-2", "CO2-KG", 5000)
    )
    books.add(
        "procurement_commitments_profile",
        "lcrca",
        Q1,
        {**claim(quantity=30), "quarter": Q1},
        {**claim(quantity=9), "quarter": Q2},
        {**claim("CR-2", "M12", 5), "quarter": Q2},
        {**claim("CR-3", "M12", 5), "quarter": Q2},
        of=promised,
    )

    assert books.found("across_profiles") == [
        (
            "profile_adds_up_to_its_promise",
            promised,
            2,
            "M08 under CR-1: 39.00 profiled, 40.00 promised",
        ),
        (
            "profile_adds_up_to_its_promise",
            promised,
            5,
            "M12 under CR-3: 5.00 profiled, nothing promised",
        ),
    ]


Commit = Callable[..., str]


def test_what_was_never_committed_counts_as_claimed_and_is_found(books: StandingReturns) -> None:
    books.add("procurement_commitments", "lcrca", Q1, claim(measure="VOL-HRS", quantity=100))
    books.add("supplier_returns", "s400101", Q1, claim(), claim(measure="M14"))
    newest = books.add("supplier_returns", "s400101", Q2, claim(), claim(measure="M14"))
    assert books.found("across_commitments") == []  # the commitments of Q2 have not come

    books.add("procurement_commitments", "lcrca", Q2, claim(quantity=100))
    assert books.found("across_commitments") == [
        ("delivery_was_committed", newest, 3, "M14 under CR-1")
    ]


@pytest.mark.parametrize(
    ("rows", "is_found"),
    [
        ([claim(quantity=100), claim(quantity=50)], False),
        ([claim(quantity=100), claim(quantity=50.5)], True),
        ([claim(quantity=100), claim(quantity=99, status="rejected")], False),
        ([claim(quantity=100), claim(quantity=101, attributed_share=0.5)], True),
        (
            [
                claim(quantity=100, reckoning="cumulative"),
                claim(quantity=150, reckoning="cumulative"),
            ],
            False,
        ),
        ([claim(quantity=151, reckoning="cumulative")], True),
    ],
)
def test_above_one_and_a_half_times_the_whole_promise_is_found(
    books: StandingReturns, rows: list[Row], is_found: bool
) -> None:
    books.add("procurement_commitments", "lcrca", Q1, claim(quantity=60), claim(quantity=40))
    for quarter, row in zip((Q1, Q2), rows, strict=False):
        books.add("supplier_returns", "s400101", quarter, row)

    found = [found[0] for found in books.found("across_commitments")]
    assert found == (["delivery_is_within_the_promises_reach"] if is_found else [])


def test_millions_of_pounds_are_weighed_like_any_quantity(books: StandingReturns) -> None:
    promised = books.add(
        "procurement_commitments", "lcrca", Q1, claim(measure="M09", quantity=10_940_000)
    )
    books.add(
        "procurement_commitments_profile",
        "lcrca",
        Q1,
        {**claim(measure="LOCAL-SPEND-K", quantity=10_940), "quarter": Q1},
        of=promised,
    )
    books.add("supplier_returns", "s400101", Q1, claim(measure="LOCAL-SPEND-K", quantity=20_000))

    assert books.found("across_profiles") == []
    found = [found[0] for found in books.found("across_commitments")]
    assert found == ["delivery_is_within_the_promises_reach"]


@pytest.mark.parametrize("other", [{"contract_title": "Catering"}, {"supplier_name": "Birch"}])
def test_a_reference_of_two_contracts_in_one_register_blocks(
    books: StandingReturns, other: dict[str, str]
) -> None:
    alder = {"supplier_name": "Alder"}
    register = books.add(
        "procurement_contracts",
        "lcrca",
        Q1,
        contract(**alder),
        contract(" cr-1", **{**alder, **other}),
        contract("CR-2", **alder),
    )

    (found,) = books.found(KEYS)
    assert found[:3] == ("contract_reference_is_one_contracts", register, 3)
    (rule,) = books.rules.suites[KEYS].rules
    assert rule.severity == "block release"


@pytest.mark.parametrize(
    "other",
    [
        {"contract_title": "CLEANING "},
        {"contract_title": None, "supplier_name": None},
        {"contract_title": "Cleaning - Lot 2", "supplier_name": "Birch"},
        {"contract_title": "Cleaning for longer", "is_extension": True},
        {"contract_title": "Cleaning (extension)"},
        {"supplier_name": "Birch", "status": "withdrawn"},
        {"supplier_name": "Birch", "ocid": "ocds-1"},
    ],
)
def test_what_belongs_to_one_contract_blocks_nothing(
    books: StandingReturns, other: dict[str, object]
) -> None:
    alder = {"supplier_name": "Alder"}
    books.add(
        "procurement_contracts", "lcrca", Q1, contract(**alder), contract(**{**alder, **other})
    )
    books.add("procurement_contracts", "wirral", Q1, contract(supplier_name="Cedar"))

    assert books.found(KEYS) == []
