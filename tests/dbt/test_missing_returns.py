"""A return that is missing is never read as nought: what it would tell is not known, and says so.

A second quarter comes without any of the returns that indicators need beside their own.
"""

from pathlib import Path

import pytest

from tests.support.in_memory import World, returns_of
from tests.support.indicator_pages import ROWS
from tests.support.tiny_warehouse import Return, Row

Q1, Q2 = "2022-23 Q1", "2022-23 Q2"
LATER = 100  # versions of returns from here on are of the second quarter
AWARDED: Row = {"contract_title": "Signs", "supplier_name": "Acme Limited", "supplier_id": "400101"}
PAID: Row = {"supplier_name": "Acme Limited", "supplier_id": "400101", "directorate": "Roads"}


def second_quarter() -> list[Return]:
    """Contracts, payments, staff and awards; no commitments, vendor master or deciles."""
    contracts = [
        {**AWARDED, "contract_reference": "CT8", "awarded_date": "2022-07-01", "value": 60000},
        {**AWARDED, "contract_reference": "CT9", "awarded_date": "2022-09-30"},
    ]
    paid = [{**PAID, "payment_date": "2022-07-20", "amount": 400, "transaction_number": "T9"}]
    staff = [
        {
            "employer": "lcrca",
            "snapshot_date": "2022-09-30",
            "employee_key": f"k{decile}",
            "home_deprivation_decile": decile,
        }
        for decile in (1, 7)
    ]
    award = {"award_date": "2022-07-01", "recipient_postcode": "L31BP", "amount": 1000}
    sent: list[tuple[str, str, list[Row]]] = [
        ("procurement_contracts", Q2, contracts),
        ("finance_payments", "2022-07", paid),
        ("hr_workforce", Q2, staff),
        ("finance_investments", Q2, [award]),
    ]
    return [
        Return(name, period, "2022-10-10", rows, version=LATER + number)
        for number, (name, period, rows) in enumerate(sent)
    ]


@pytest.fixture(scope="module")
def later(built: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The authority of the worked examples, and a quarter more."""
    returns = [*returns_of(ROWS), *second_quarter()]
    return World(built, returns, tmp_path_factory.mktemp("later"))


def shares(world: World, indicator: str, period: str) -> dict[str, str]:
    """What the figures of an indicator say of the whole, by basis; the status where they do not."""
    found = world.connection.execute(
        "select basis, coalesce(cast(value as varchar), status) from marts.fct_indicator_values "
        "where indicator_id = ? and period = ? and breakdown = '' order by basis",
        [indicator, period],
    )
    return dict(found.fetchall())


def test_contracts_of_which_no_commitments_tell_are_in_no_share(later: World) -> None:
    assert shares(later, "C06", Q2) == {
        "with-commitment": "not available",
        "with-evidenced-delivery": "not available",
        "without-a-value": "1.000000",
    }
    whole = shares(later, "C06", "2022-23")
    assert whole == {**shares(later, "C06", Q1), "without-a-value": "2.000000"}
    named = later.connection.execute(
        "select contract_reference, has_commitment from marts.dim_contracts "
        "where contract_reference in ('CT1', 'CT2', 'CT8', 'CT9')"
    )
    assert dict(named.fetchall()) == {"CT1": True, "CT2": False, "CT8": None, "CT9": None}


@pytest.mark.parametrize(
    ("indicator", "figures"),
    [
        ("C02", {"all": "100.000000", "known": "100.000000"}),
        ("C04", {"all": "100.000000", "known": "100.000000"}),
        ("E03", {"known": "50.000000", "not known": "0.000000"}),
        ("I03", {"all": "100.000000", "known": "100.000000"}),
    ],
)
def test_the_last_register_of_what_lasts_stands(
    later: World, indicator: str, figures: dict[str, str]
) -> None:
    assert shares(later, indicator, Q2) == figures


def test_cost_is_of_the_contracts_that_are_known_to_promise(later: World) -> None:
    assert shares(later, "F05", Q2)["contract-value"] == shares(later, "F05", Q1)["contract-value"]
