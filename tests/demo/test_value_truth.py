"""The truth on suppliers' social value: it agrees with itself and holds each planted story."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from flows.demo.made.authority.periods import QUARTERS, YEARS
from flows.demo.made.contracts.measures import MEASURES
from flows.demo.made.contracts.register import (
    IN_LOTS,
    LISTED_TWICE,
    NO_AWARD_DAY,
    NOTICE_CORRECTED,
    ROLLING,
    TOO_LOW,
)
from flows.demo.made.delivery.claim_faults import OVER_CLAIMED, REJECTED_SHARE, SHARED
from flows.demo.made.delivery.supplier_returns import NEVER_SENT
from tests.oracle.truth.standing import standing_at
from tests.oracle.truth.value.agreements import contracts_standing, promises_standing
from tests.oracle.truth.value.commissioner import (
    PERIODS,
    awarded,
    cost,
    counting_rows,
    coverage,
    delivery,
    kpi_ratings,
    late,
)
from tests.oracle.truth.value.counting import BASES, total
from tests.oracle.truth.value.delivered import delivered_rows, is_matched
from tests.oracle.truth.value.people import disadvantaged, local_years, posts, with_people

SEEDS = [2022, 7]
TOLD = standing_at(2022)
PROMISED = sorted({measure for _, measure in promises_standing(TOLD)})


def test_what_the_registers_say_comes_out_as_the_contracts_truly_are() -> None:
    told = contracts_standing(TOLD)
    assert told[IN_LOTS].value == Decimal("271500.50")
    assert told[LISTED_TWICE].value == Decimal("50000.00")
    assert told[NOTICE_CORRECTED].value == Decimal("156000.00")
    assert told[ROLLING].value is None
    assert told[NO_AWARD_DAY].awarded == told[NO_AWARD_DAY].start
    assert told["CR-0120"].value == Decimal("24500.00")  # with its extension


def test_contracts_over_the_threshold_by_quarter_add_up_to_the_year() -> None:
    for year in YEARS:
        quarters = [awarded(TOLD, q) for q in QUARTERS if q.startswith(year)]
        whole = awarded(TOLD, year)
        assert sum(q.known for q in quarters) == whole.known
        assert sum(q.with_commitment for q in quarters) == whole.with_commitment
        assert sum(q.with_evidence for q in quarters) <= whole.with_evidence
    assert awarded(TOLD, "2021-22 Q1").without_value == 1
    for period in PERIODS:
        told = awarded(TOLD, period)
        assert told.known > told.with_commitment >= told.with_evidence > 0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("measure", PROMISED)
def test_each_basis_holds_the_next_and_quarters_add_up(seed: int, measure: str) -> None:
    for year in YEARS:
        whole = delivery(standing_at(seed), measure, year)
        quarters = [delivery(standing_at(seed), measure, q) for q in QUARTERS if q.startswith(year)]
        assert quarters[-1].to_date == whole.to_date
        assert quarters[-1].profiled_to_date == whole.profiled_to_date
        assert sum(q.profiled_in_period for q in quarters) == whole.profiled_in_period
        if MEASURES[measure].accumulates:
            for basis in BASES:
                assert sum(q.in_period[basis] for q in quarters) == whole.in_period[basis]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fall_a_gap_and_a_share_are_counted_as_the_rules_say(seed: int) -> None:
    rows = delivered_rows(standing_at(seed))
    falls = [row for row in rows if row.figure < 0]
    assert [row.series for row in falls] == [("400234", "CR-0062", "M09")]
    assert not any((row.series[0], row.quarter) in NEVER_SENT for row in rows)
    steps = {
        outcome: [(row.counts_as, row.figure) for row in rows if row.shared_outcome == outcome]
        for outcome in (SHARED, OVER_CLAIMED, REJECTED_SHARE)
    }
    assert sum(figure for _, figure in steps[SHARED]) == 12
    assert {step for step, _ in steps[SHARED]} == {"validated"}
    assert {step for step, _ in steps[OVER_CLAIMED]} == {"claimed"}
    assert sorted(step for step, _ in steps[REJECTED_SHARE]) == [
        "rejected",
        "validated",
        "validated",
    ]


def test_what_is_claimed_under_another_suppliers_contract_counts_nowhere() -> None:
    rows = [row for row in delivered_rows(TOLD) if not row.counts_as]
    assert sorted(row.series[1] for row in rows) == ["CR-0060", "CR-O133"]
    assert is_matched(TOLD, "400108", "CR-0060")
    assert not is_matched(TOLD, "400458", "CR-0060")


def test_unattested_unproven_and_unpromised_rows_count_as_claimed_only() -> None:
    told = {(r.series[1], r.quarter, r.measure_id): r.counts_as for r in delivered_rows(TOLD)}
    assert told["CR-0055", "2021-22 Q2", "M19"] == "claimed"  # one attestation blank
    assert told["CR-0066", "2021-22 Q3", "M03"] == "claimed"  # no evidence
    assert told["CR-0061", "2022-23 Q2", "M11"] == "claimed"  # nothing was promised
    assert told["CR-0065", "2021-22 Q3", "M02"] == "rejected"


def test_people_of_a_return_are_counted_once_and_its_own_figures_set_aside() -> None:
    slots = with_people(TOLD)
    assert len(slots) > 100
    for measure in ("M01", "M02"):
        assert not {(r.series[0], r.quarter) for r in counting_rows(TOLD, measure)} & slots


def test_disadvantaged_people_count_once_in_one_group_and_for_twelve_months() -> None:
    def counts(person: int, *quarters: str) -> list[str]:
        reference = f"PX{410_000 + person * 7}"
        mine = [p for p in posts(TOLD) if p.person == ("400528", reference)]
        return [q for q in quarters if any(p.quarter == q for p in mine)]

    assert counts(4002, "2022-23 Q1") == ["2022-23 Q1"]  # still listed in the second year
    by_contract = [disadvantaged(TOLD, "claimed", [q]).by_contract for q in QUARTERS]
    assert [told.get("CR-0046", 0) for told in by_contract[4:]] == [5, 4, 3, 1]
    year = disadvantaged(TOLD, "claimed", QUARTERS[4:])
    assert year.people == sum(year.by_group.values()) == sum(year.by_contract.values())
    assert year.people < sum(disadvantaged(TOLD, "claimed", [q]).people for q in QUARTERS[4:])
    assert "CR-0173" not in year.by_contract  # whoever works there began under CR-0046


@pytest.mark.parametrize("seed", SEEDS)
def test_local_years_add_up_and_shrink_from_basis_to_basis(seed: int) -> None:
    for year in YEARS:
        quarters = [
            local_years(standing_at(seed), "claimed", q) for q in QUARTERS if q.startswith(year)
        ]
        assert sum(quarters) == local_years(standing_at(seed), "claimed", year)
        assert (
            local_years(standing_at(seed), "claimed", year)
            > local_years(standing_at(seed), "validated", year)
            > 0
        )


def test_every_rating_is_given_in_the_years_and_a_large_contract_goes_unrated() -> None:
    first, second = (kpi_ratings(TOLD, year) for year in YEARS)
    assert sum(first.values()) == 24
    assert sum(second.values()) == 21
    assert all(first.values())


def test_coverage_names_what_is_missing_and_late() -> None:
    told = coverage(TOLD, "2022-23")
    assert told.expected - told.returned == len(told.missing) == 4
    assert told.late == sum(quarter.startswith("2022-23") for _, quarter in late(TOLD))
    assert told.value_covered < told.value_expected
    for year in YEARS:
        quarters = [coverage(TOLD, q) for q in QUARTERS if q.startswith(year)]
        assert sum(q.value_covered for q in quarters) == coverage(TOLD, year).value_covered


def test_before_a_correction_came_the_first_sending_counts() -> None:
    before = standing_at(2022, datetime(2023, 4, 25))  # noqa: DTZ001
    assert contracts_standing(before)[TOO_LOW].value == contracts_standing(TOLD)[TOO_LOW].value / 10
    assert cost(before, "2022-23 Q4").value < cost(TOLD, "2022-23 Q4").value


def test_extra_cost_counts_whatever_the_claims_status() -> None:
    costs = [cost(TOLD, quarter).extra_cost for quarter in QUARTERS]
    assert sum(filter(None, costs)) == Decimal("24790.75")
    assert costs[0] is None  # nobody states any
    assert costs[6] == Decimal("3250.50")  # of a rejected row
    one = cost(TOLD, "2022-23 Q1", "CR-0132")
    assert (one.value, one.extra_cost) == (Decimal("12500000.00"), Decimal("12500.00"))


def test_a_figure_that_is_not_there_changes_the_total() -> None:
    rows = [row for row in delivered_rows(TOLD) if row.measure_id == "M19" and row.counts_as]
    halved = [replace(row, figure=row.figure / 2) for row in rows]
    assert total(halved, "claimed", "2021-22") == total(rows, "claimed", "2021-22") / 2 > 0
