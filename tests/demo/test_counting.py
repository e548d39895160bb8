"""The demo's counting by the counting rules, on rows small enough to count by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from flows.demo.made.authority.periods import QUARTERS
from flows.demo.made.delivery.claims import CLAIMED, REJECTED, TO_DATE, VALIDATED
from flows.demo.made.delivery.workers import Worker
from tests.oracle.truth.value.counting import Counted, counted, total, total_to_date
from tests.oracle.truth.value.people import fte_years, scaled

ROW = Counted(("s1", "CR-1", "M08"), QUARTERS[0], "M08", Decimal(10), "", None, "", VALIDATED)
WORKER = Worker("CR-1", "P1", 1, date(2021, 4, 1), None, Decimal(1), True)


def _figures(*rows: tuple[str, int, str]) -> list[int]:
    told = [replace(ROW, quarter=q, quantity=Decimal(n), reckoning=how) for q, n, how in rows]
    return [int(row.figure) for row in counted(told)]


Q1, Q2, Q3, Q4 = QUARTERS[:4]


def test_rows_in_period_add_up() -> None:
    assert _figures((Q1, 10, ""), (Q2, 5, "in period")) == [10, 5]


def test_figures_to_date_are_differenced() -> None:
    assert _figures((Q1, 10, TO_DATE), (Q2, 25, TO_DATE), (Q3, 25, TO_DATE)) == [10, 15, 0]


def test_a_missing_quarter_comes_with_the_next_figure_to_date() -> None:
    assert _figures((Q1, 10, TO_DATE), (Q4, 40, TO_DATE)) == [10, 30]


def test_a_figure_to_date_that_falls_is_a_negative_correction() -> None:
    assert _figures((Q1, 10, TO_DATE), (Q2, 7, TO_DATE), (Q3, 12, TO_DATE)) == [10, -3, 5]


def test_a_change_of_reckoning_loses_and_doubles_nothing() -> None:
    assert _figures((Q1, 10, TO_DATE), (Q2, 5, ""), (Q3, 20, TO_DATE)) == [10, 5, 5]
    assert _figures((Q1, 10, TO_DATE), (Q1, 3, ""), (Q2, 14, TO_DATE)) == [10, 3, 1]


def test_what_was_rejected_does_not_come_back_with_the_next_figure_to_date() -> None:
    first = replace(ROW, reckoning=TO_DATE, counts_as=REJECTED)
    rows = counted([first, replace(ROW, quarter=Q2, quantity=Decimal(15), reckoning=TO_DATE)])
    assert total(rows, CLAIMED, "2021-22") == 5


def test_a_share_is_taken_of_what_a_row_adds() -> None:
    told = counted([replace(ROW, share=Decimal("0.25"), shared_outcome="FAIR")])
    assert told[0].figure == Decimal("2.5")


@pytest.mark.parametrize(("other", "step"), [("0.4", VALIDATED), ("0.41", CLAIMED)])
def test_an_over_claimed_outcome_counts_as_claimed_only(other: str, step: str) -> None:
    shared = replace(ROW, share=Decimal("0.6"), shared_outcome="FAIR")
    more = replace(shared, series=("s2", "CR-2", "M08"), share=Decimal(other))
    assert {row.counts_as for row in counted([shared, more])} == {step}


def test_a_rejected_share_takes_nothing_from_the_others() -> None:
    shared = replace(ROW, share=Decimal("0.9"), shared_outcome="FAIR")
    more = replace(shared, series=("s2", "CR-2", "M08"), counts_as=REJECTED)
    assert [row.counts_as for row in counted([shared, more])] == [VALIDATED, REJECTED]


def test_of_a_level_the_newest_quarter_of_each_series_stands_for_the_year() -> None:
    level = replace(ROW, measure_id="M17", series=("policy", "M17"))
    rows = counted(
        [
            level,
            replace(level, quarter=Q3, quantity=Decimal(12), reckoning=TO_DATE),
            replace(level, quarter=Q4, quantity=Decimal(99), counts_as=CLAIMED),
            replace(level, series=("other", "M17"), quarter=Q2, quantity=Decimal(4)),
        ]
    )
    assert total(rows, VALIDATED, "2021-22") == 16
    assert total(rows, CLAIMED, "2021-22") == 103
    assert total_to_date(rows, VALIDATED, Q2) == 14


def test_ten_full_time_and_five_half_time_people_for_two_years_are_twenty_five() -> None:
    people = [WORKER] * 10 + [replace(WORKER, fte=Decimal("0.5"))] * 5
    years = sum(fte_years(person, quarter) for person in people for quarter in QUARTERS)
    assert years == Decimal("25.000000")


def test_both_ends_of_an_employment_count() -> None:
    a_day = replace(WORKER, start=date(2021, 6, 30))
    assert fte_years(a_day, Q1) == Decimal("0.002740")
    assert fte_years(replace(WORKER, end=date(2021, 7, 1)), Q2) == Decimal("0.002740")
    assert fte_years(replace(WORKER, start=date(2021, 7, 1)), Q1) == 0


def test_more_than_one_full_time_post_is_scaled_down_to_one() -> None:
    posts = [replace(WORKER, fte=Decimal("0.8")), replace(WORKER, fte=Decimal("0.6"))]
    years = [fte_years(worker, Q1, scale) for worker, scale in scaled(Q1, posts)]
    assert abs(sum(years) - Decimal(91) / 365) < Decimal("0.000002")


def test_a_person_who_moves_between_contracts_is_not_scaled() -> None:
    posts = [replace(WORKER, end=date(2021, 5, 9)), replace(WORKER, start=date(2021, 5, 10))]
    assert [scale for _, scale in scaled(Q1, posts)] == [1, 1]
