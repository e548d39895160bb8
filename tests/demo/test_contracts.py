"""The made-up contracts: as many and as various as the real ones, with every edge that counts."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from flows.demo.made.authority.authority import SERVICES, suppliers
from flows.demo.made.contracts.contracts import KPI_THRESHOLD, THRESHOLD, contract, contracts

ALL = contracts()


def test_two_hundred_contracts_with_sixty_suppliers() -> None:
    assert len({c.reference for c in ALL}) == 200
    assert len({c.supplier_id for c in ALL}) == 60
    assert {c.supplier_id for c in ALL} <= {s.supplier_id for s in suppliers()}


def test_the_days_of_a_contract_come_in_order() -> None:
    for each in ALL:
        assert each.awarded < each.start <= each.end <= each.last_day, each.reference
        if each.extension:
            assert each.start < each.extension.agreed < each.end < each.extension.end


def test_every_contract_is_live_in_the_two_years() -> None:
    assert all(
        c.is_live(date(2021, 4, 1), date(2023, 3, 31)) or c.awarded.year == 2023 for c in ALL
    )


@pytest.mark.parametrize("threshold", [THRESHOLD, KPI_THRESHOLD])
def test_one_value_stands_on_each_threshold_and_one_a_penny_above(threshold: Decimal) -> None:
    values = Counter(c.value for c in ALL)
    assert values[threshold] == 1
    assert values[threshold + Decimal("0.01")] == 1


def test_an_extension_takes_a_contract_over_the_threshold() -> None:
    over = [c for c in ALL if c.value <= THRESHOLD < c.whole_value]
    assert [(c.value, c.whole_value) for c in over] == [(Decimal("18000.00"), Decimal("24500.00"))]


def test_awards_stand_on_both_sides_of_the_edges_of_quarters_and_years() -> None:
    days = {c.awarded for c in ALL if c.value > THRESHOLD}
    assert days >= {date(2021, 6, 30), date(2021, 7, 1), date(2022, 3, 31), date(2022, 4, 1)}


def test_every_quarter_awards_contracts_on_both_sides_of_the_threshold() -> None:
    first = Counter((c.awarded.year, (c.awarded.month - 1) // 3, c.value > THRESHOLD) for c in ALL)
    for year, quarter in [(2021, 1), (2021, 2), (2021, 3), (2022, 0), (2022, 1), (2022, 2)]:
        assert first[year, quarter, True] >= 8
        assert first[year, quarter, False] >= 2


def test_a_directorate_buys_what_its_part_of_the_ledger_can_pay() -> None:
    transport = {directorate for directorate, _, _ in SERVICES["transport"]}
    corporate = {directorate for directorate, _, _ in SERVICES["corporate"]}
    parts = {s.supplier_id: s.part for s in suppliers()}
    for each in ALL:
        assert each.directorate in transport | corporate
        paid_by = "transport" if each.directorate in transport else "corporate"
        assert parts[each.supplier_id] in (paid_by, "both"), each.reference


def test_a_contract_is_found_by_its_reference() -> None:
    assert contract("CR-0001").reference == "CR-0001"
    with pytest.raises(KeyError):
        contract("CR-9999")
