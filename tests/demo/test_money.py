"""Additionality and values in money: the registry's assumptions, and figures counted by hand."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from flows.demo.made.contracts.measures import MEASURES
from tests.oracle.truth.figures import Key
from tests.oracle.truth.standing import standing_at
from tests.oracle.truth.value.assumptions import (
    DEFLATORS,
    ESTIMATES,
    PRICE_YEAR,
    PROXIES,
    Proxy,
    additional_share,
)
from tests.oracle.truth.value.indicators import hours_for_each_fte, value_figures
from tests.oracle.truth.value.people import disadvantaged
from tests.support.definitions import PLACES

SEEDS = PLACES.seeds
TOLD = standing_at(2022)
FIGURES = dict(value_figures(TOLD))


def _rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_published_short_forms_are_reproduced() -> None:
    assert additional_share("M01", "low") == Decimal("0.2964")
    assert additional_share("M01", "high") == Decimal("0.7695")
    assert additional_share("M02", "central") == Decimal("0.54")
    assert additional_share("M08", "central") is None


@pytest.mark.parametrize("estimate", ESTIMATES)
def test_the_sets_are_those_of_the_registry(estimate: str) -> None:
    rows = {
        (row["measure_id"] or row["theme"]): row
        for row in _rows("additionality_sets")
        if row["estimate"] == estimate
    }
    themes = {row["measure_id"]: row["theme"] for row in _rows("measures")}
    for measure in MEASURES:
        row = rows.get(measure) or rows.get(themes[measure])
        assert additional_share(measure, estimate) == (_share(row) if row else None), measure


def _share(row: dict[str, str]) -> Decimal:
    def kept(prefix: str) -> Decimal:
        share = Decimal(row[f"{prefix}multiplier"])
        for rate in ("leakage", "displacement", "substitution"):
            share *= 1 - Decimal(row[prefix + rate])
        return share

    deadweight = Decimal(row["deadweight"])
    if row["form"] == "short form":
        return (1 - deadweight) * kept("")
    return kept("") - deadweight * kept("reference_")


def test_the_proxies_are_those_of_the_registry_that_hold_in_the_two_years() -> None:
    proxies = {row["proxy_id"]: row for row in _rows("proxies")}
    told = set()
    for link in _rows("measure_proxies"):
        row = proxies[link["proxy_id"]]
        assert (link["benefit_years"], link["drop_off"]) == ("1", "0")
        year = int(row["valid_from"][:4]) if row["valid_from"] else None
        if year is None or 2021 <= year <= 2023:
            values = tuple(Decimal(row[f"value_{estimate}"]) for estimate in ESTIMATES)
            values = values[:1] if len(set(values)) == 1 else values
            units = Decimal(link["units_per_measure"])
            price_year = int(row["price_year"])
            told.add(Proxy(link["measure_id"], row["kind"], values, price_year, year, units))
    assert told == set(PROXIES)


def test_the_deflators_are_those_of_the_registry() -> None:
    rows = {int(row["price_year"]): Decimal(row["deflator"]) for row in _rows("deflators")}
    assert {year: rows[year] for year in DEFLATORS} == DEFLATORS
    numbers = {row["parameter"]: row["number"] for row in _rows("monetisation_parameters")}
    assert int(numbers["price year"]) == PRICE_YEAR


def test_a_value_is_uprated_once_and_holds_in_its_year_only() -> None:
    claimant = next(proxy for proxy in PROXIES if proxy.values == (Decimal(9234),))
    assert claimant.unit_value("central") == Decimal("2904.520325")
    assert claimant.unit_value("low") is None
    carbon = [proxy for proxy in PROXIES if proxy.kind == "carbon"]
    assert [proxy.holds_on(date(2022, 3, 31)) for proxy in carbon] == [False, True, False]


def test_net_stands_between_nothing_and_gross_in_the_order_of_the_estimates() -> None:
    for (indicator, basis, period, _, measure), figure in (
        ((k.indicator, k.basis, k.period, k.breakdown, k.breakdown_value), f)
        for k, f in FIGURES.items()
    ):
        if (indicator, basis, period) == ("F02", "net-central", "2022-23"):
            gross, low, high = (
                FIGURES[Key("F02", word, period, "measure", measure)].numerator
                for word in ("gross", "net-low", "net-high")
            )
            assert 0 <= low <= figure.numerator <= high <= gross


def test_quarters_of_values_in_money_add_up() -> None:
    for basis in ("carbon-low", "in-kind-central", "fiscal-central"):
        keys = [Key("F03", basis, f"2022-23 Q{n}") for n in range(1, 5)]
        quarters = [FIGURES[key] for key in keys if key in FIGURES]  # none where nobody counts
        year = FIGURES[Key("F03", basis, "2022-23")].numerator
        assert sum(quarter.numerator for quarter in quarters) == year > 0


def test_people_are_valued_in_each_quarter_in_which_they_count() -> None:
    quarters = [f"2022-23 Q{n}" for n in range(1, 5)]
    people = sum(disadvantaged(TOLD, "validated", [quarter]).people for quarter in quarters)
    worth = FIGURES[Key("F03", "fiscal-central", "2022-23")].numerator
    assert worth == people * (Decimal("2904.52") + Decimal("178.03"))


def test_hours_for_each_full_time_equivalent_need_a_headcount() -> None:
    assert all(figure.value is None for _, figure in hours_for_each_fte(FIGURES))
    hours = FIGURES[Key("E13", "validated", "2022-23")]
    told = dict(hours_for_each_fte({**FIGURES, Key("E01", "fte", "2022-23"): hours}))
    assert [figure.value for figure in told.values() if figure.value] == [Decimal(1)]
