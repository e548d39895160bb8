"""Spend by ward, where an authority drops in which postcode lies in which ward; else not a word.

A firm at L3 1BP was paid 100.00 and, by a payment's own postcode, 40.00 at CH41 2AB; a person at
L3 1BP 7.00, who stands in no ward; a firm outside the region 500.00.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.in_memory import World
from tests.support.tiny_warehouse import Return, Row

QUARTER, MONTH = "2022-23 Q1", "2022-05"
WARDS = [("L3 1BP", "E05015278", "City Centre North"), ("ch412ab", "E05000955", "Birkenhead")]


def paid(name: str, amount: str, postcode: str | None = None) -> Row:
    return {
        "payment_date": f"{MONTH}-10",
        "supplier_name": name,
        "amount": Decimal(amount),
        "supplier_postcode": postcode,
    }


def vendor(name: str, postcode: str) -> Row:
    return {"supplier_id": name[:2], "supplier_name": name, "postcode": postcode}


@pytest.fixture(scope="module")
def world(built: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    payments = [
        paid("Acme Ltd", "60.00"),
        paid("Acme Ltd", "40.00"),
        paid("Acme Ltd", "40.00", "CH412AB"),
        paid("Jo Bloggs", "7.00"),
        paid("Roses Ltd", "500.00"),
    ]
    vendors = [vendor("Acme Ltd", "L31BP"), vendor("Jo Bloggs", "L31BP")]
    returns = [
        Return("finance_payments", MONTH, "2022-06-09", payments),
        Return("finance_vendors", MONTH, "2022-06-09", [*vendors, vendor("Roses Ltd", "M11AE")]),
    ]
    return World(built, returns, tmp_path_factory.mktemp("wards"))


def by_ward(world: World) -> list[tuple[object, ...]]:
    return world.connection.execute(
        "select district, ward_code, ward, payments, suppliers, amount "
        "from publication.pub_spend_by_ward where quarter = ? order by all",
        [QUARTER],
    ).fetchall()


def test_without_wards_there_is_no_row(world: World) -> None:
    assert by_ward(world) == []


def test_spend_stands_in_the_ward_of_its_place_and_that_of_a_person_in_none(world: World) -> None:
    world.connection.begin()
    for ward in WARDS:
        world.connection.execute(
            "insert into intermediate.wards (postcode, ward_code, ward) values (?, ?, ?)", ward
        )
    world.make(world.models)
    found = by_ward(world)
    world.connection.rollback()
    assert found == [
        ("Liverpool", "", "Not told by ward", 1, None, Decimal("7.00")),
        ("Liverpool", "E05015278", "City Centre North", 2, 1, Decimal("100.00")),
        ("Wirral", "E05000955", "Birkenhead", 1, 1, Decimal("40.00")),
    ]
