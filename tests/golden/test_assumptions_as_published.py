"""The rates, values and deflators that ship are as published, and may lawfully be shipped."""

import csv
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.support.definitions import PLACES

SEEDS = PLACES.seeds


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


PROXIES = {row["proxy_id"]: row for row in seed("proxies")}


def test_the_real_living_wage_is_as_the_foundation_announced_it() -> None:
    assert [
        (row["hourly_rate"], row["announced"], row["implement_by"])
        for row in seed("living_wage_rates")
    ] == [
        ("9.30", "2019-11-11", "2020-05-11"),
        ("9.50", "2020-11-09", "2021-05-09"),
        ("9.90", "2021-11-15", "2022-05-15"),
        ("10.90", "2022-09-22", "2023-05-14"),
        ("12.00", "2023-10-24", "2024-05-01"),
        ("12.60", "2024-10-23", "2025-05-01"),
        ("13.45", "2025-10-22", "2026-05-01"),
    ]


@pytest.mark.parametrize(
    ("proxy", "low", "central", "high", "price_year"),
    [
        ("WELLBY", "10000", "13000", "16000", 2019),  # HM Treasury Wellbeing Guidance, July 2021
        ("E&E1.0", "9800", "9800", "9800", 2012),  # GMCA Unit Cost Database v1.4, 2012/13
        ("E&E1.0.1", "9234", "9234", "9234", 2012),
        ("E&E1.0.2", "566", "566", "566", 2012),
        ("E&E2.0", "8632", "8632", "8632", 2012),
        ("E&E2.0.1", "7500", "7500", "7500", 2012),
        ("E&E2.0.2", "1132", "1132", "1132", 2012),
    ],
)
def test_a_unit_is_worth_what_its_source_says(
    proxy: str, low: str, central: str, high: str, price_year: int
) -> None:
    row = PROXIES[proxy]
    found = [Decimal(row[f"value_{estimate}"]) for estimate in ("low", "central", "high")]
    assert found == [Decimal(value) for value in (low, central, high)]
    assert int(row["price_year"]) == price_year


def test_carbon_is_given_half_as_much_and_half_as_much_again() -> None:
    carbon = [row for row in PROXIES.values() if row["kind"] == "carbon"]
    assert len(carbon) == 7
    for row in carbon:
        low, central, high = (Decimal(row[f"value_{name}"]) for name in ("low", "central", "high"))
        assert abs(low - central / 2) <= Decimal("0.01"), row["proxy_id"]
        assert abs(high - central * 3 / 2) <= Decimal("0.02"), row["proxy_id"]


def test_a_parent_is_its_children_and_no_measure_is_valued_by_both() -> None:
    children: dict[str, list[str]] = {}
    for name, row in PROXIES.items():
        if row["parent_id"]:
            children.setdefault(row["parent_id"], []).append(name)
    assert set(children) == {"E&E1.0", "E&E2.0"}
    for parent, parts in children.items():
        whole = sum(Decimal(PROXIES[part]["value_central"]) for part in parts)
        assert Decimal(PROXIES[parent]["value_central"]) == whole
    used: dict[str, set[str]] = {}
    for row in seed("measure_proxies"):
        used.setdefault(row["measure_id"], set()).add(row["proxy_id"])
    for measure, names in used.items():
        assert not {PROXIES[name]["parent_id"] for name in names} & names, measure


def test_nothing_is_shipped_whose_licence_forbids_it() -> None:
    allowed = {"OGL v3", "CC BY 4.0 (GMCA)"}
    assert {row["licence"] for row in PROXIES.values()} == allowed
    for row in PROXIES.values():
        forbidden = ("TOMs", "HACT", "Social Value Bank", "PSSRU", "MeasureUp")
        assert not [name for name in forbidden if name in row["source"]], row["proxy_id"]
        if row["licence"].startswith("CC BY"):
            assert "(c) Greater Manchester Combined Authority" in row["source"], "attribution"


def test_a_framework_ships_only_under_the_open_government_licence() -> None:
    codes = {row["code"]: row for row in seed("framework_codes")}
    assert [row["code"] for row in codes.values() if row["level"] == "mission"] == [
        f"PPN002-M{number}" for number in range(1, 6)
    ]
    assert {row["licence"] for row in codes.values()} == {"OGL v3"}
    assert {row["within"] for row in codes.values() if row["level"] == "outcome"} <= codes.keys()


def test_prices_of_every_proxy_can_be_taken_to_the_year_that_is_published() -> None:
    deflators = {int(row["price_year"]): Decimal(row["deflator"]) for row in seed("deflators")}
    years = sorted(deflators)
    assert years == list(range(2010, 2025))
    assert all(deflators[before] < deflators[after] for before, after in pairwise(years))
    assert deflators[2024] == 100
    published_in = [
        int(row["number"])
        for row in seed("monetisation_parameters")
        if row["parameter"] == "price year"
    ]
    assert set(published_in) <= set(years)
    later = {name for name, row in PROXIES.items() if int(row["price_year"]) not in deflators}
    # no value in money until the deflator of their year is published and put in
    assert later == {"AT-COST-2025", "AT-COST-2026"}
