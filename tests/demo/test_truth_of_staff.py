"""The truth about the workforce: rules on cases small enough to count, and sums that agree."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from flows.demo.made.authority.authority import DISTRICTS
from flows.demo.made.authority.periods import HALVES, QUARTERS, YEARS
from flows.demo.made.deliveries import DEFAULT_SEED
from flows.demo.made.workforce.staff_rows import Row, true_rows
from tests.oracle.truth.figures import Figure, Key
from tests.oracle.truth.staff.headcount import staff_figures
from tests.oracle.truth.staff.pay import mean, median, pay_figures, pay_quarters
from tests.oracle.truth.staff.people import Person, age, band
from tests.oracle.truth.truth import truth

FIGURES = truth().figures
ROWS = true_rows("2021-22 Q4", DEFAULT_SEED)


def _figure(indicator: str, basis: str, period: str, breakdown: str = "", word: str = "") -> Figure:
    return FIGURES[Key(indicator, basis, period, breakdown, word)]


def _staff(*pays: tuple[str, str]) -> list[Person]:
    """People of a sex and an hourly pay, on full pay."""
    template = next(row for row in ROWS if row.is_full_pay and not row.fault)
    rows = (
        replace(
            template,
            employee=replace(template.employee, sex={"m": "male", "w": "female"}[sex]),
            hourly_pay=Decimal(pay),
        )
        for sex, pay in pays
    )
    return [Person(row, row.quarter) for row in rows]


def test_pay_quarters_without_ties_are_fours_of_the_ranked() -> None:
    sections = pay_quarters(_staff(*[("m" if n % 2 else "w", f"{10 + n}.00") for n in range(8)]))
    assert [(s["male"], s["female"]) for s in sections] == [(1, 1)] * 4


def test_equal_pay_over_a_boundary_keeps_its_proportion_on_both_sides() -> None:
    # eight people: one on 9.00, six on 10.00 (two men), one on 11.00; quarters are of two
    pays = [("w", "9.00"), *[("m", "10.00")] * 2, *[("w", "10.00")] * 4, ("m", "11.00")]
    men = [section["male"] for section in pay_quarters(_staff(*pays))]
    women = [section["female"] for section in pay_quarters(_staff(*pays))]
    assert [f"{share:.4f}" for share in men] == ["0.3333", "0.6667", "0.6667", "1.3333"]
    assert [f"{share:.4f}" for share in women] == ["1.6667", "1.3333", "1.3333", "0.6667"]


@pytest.mark.parametrize(
    ("people", "sizes"), [(9, (3, 2, 2, 2)), (10, (3, 2, 3, 2)), (11, (3, 3, 3, 2))]
)
def test_people_over_go_to_the_lowest_then_the_third_then_the_second(
    people: int, sizes: tuple[int, ...]
) -> None:
    sections = pay_quarters(_staff(*[("w", f"{10 + n}.00") for n in range(people)]))
    assert tuple(int(s["female"]) for s in sections) == sizes


def test_the_published_quarters_of_2021_come_from_20_20_22_and_34_men_of_55() -> None:
    pays = []
    for nth, men in enumerate((20, 20, 22, 34)):
        pays += [("m", f"{10 + nth}.{n:02d}") for n in range(men)]
        pays += [("w", f"{10 + nth}.{n:02d}") for n in range(men, 55)]
    shares = [
        100 * section["male"] / sum(section.values()) for section in pay_quarters(_staff(*pays))
    ]
    assert [f"{share:.1f}" for share in shares] == ["36.4", "36.4", "40.0", "61.8"]


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    assert median([Decimal(9), Decimal(12), Decimal(10), Decimal(20)]) == Decimal(11)
    assert median([Decimal(9), Decimal(12), Decimal(10)]) == Decimal(10)
    assert mean([Decimal(9), Decimal(12)]) == Decimal("10.5")


def test_a_gap_is_a_percentage_of_mens_pay() -> None:
    assert Figure(Decimal(9), Decimal(10), "gap").value == 10
    assert Figure(Decimal(11), Decimal(10), "gap").value == -10


def test_who_is_on_reduced_pay_is_in_bonus_figures_and_in_no_hourly_one() -> None:
    rows = [row for row in ROWS if row.employee.employer == "lcrca"]
    before = dict(pay_figures({"2021-22 Q4": rows}))
    (paid,) = [n for n, row in enumerate(rows) if row.bonus and row.is_full_pay][:1]
    rows[paid] = replace(rows[paid], is_full_pay=False)
    after = dict(pay_figures({"2021-22 Q4": rows}))
    hourly = Key("E04", "mean", "2021-22 Q4", "employer", "lcrca")
    assert after[hourly] != before[hourly]
    for indicator, basis in (("E06", "mean"), ("E08", "men"), ("E08", "women")):
        key = Key(indicator, basis, "2021-22 Q4", "employer", "lcrca")
        assert after[key] == before[key]


def test_the_snapshot_of_31_march_stands_for_its_half_and_year_and_no_other_quarter_has_gaps() -> (
    None
):
    for indicator, basis in (("E04", "mean"), ("E05", "median"), ("E09", "upper-men")):
        periods = {k.period for k in FIGURES if (k.indicator, k.basis) == (indicator, basis)}
        assert periods == {"2021-22 Q4", "2021-22 H2", "2021-22"} | {
            "2022-23 Q4",
            "2022-23 H2",
            "2022-23",
        }
        year = _figure(indicator, basis, "2022-23", "employer", "lcrca")
        assert year == _figure(indicator, basis, "2022-23 Q4", "employer", "lcrca")


def test_pay_quarters_are_of_all_full_pay_employees_of_known_sex() -> None:
    for employer in ("lcrca", "merseytravel"):
        parts = [
            _figure("E09", f"{s}-men", "2021-22", "employer", employer)
            for s in ("lower", "lower-middle", "upper-middle", "upper")
        ]
        sizes = [round(part.denominator or 0) for part in parts]
        assert max(sizes) - min(sizes) <= 1
        assert sizes[0] > 50


def test_a_group_of_fewer_than_ten_has_no_gap() -> None:
    others = Key("E10", "ethnicity-mean", "2021-22", "employer/ethnicity", "lcrca/other")
    assert others not in FIGURES
    assert Key("E10", "ethnicity-mean", "2021-22", "ethnicity", "asian") in FIGURES


@pytest.mark.parametrize("period", [*QUARTERS, *HALVES, *YEARS])
def test_parts_add_up_to_the_headcount(period: str) -> None:
    whole = _figure("E01", "headcount", period).numerator
    assert 930 <= whole <= 980
    for breakdown in ("employer", "directorate", "sex", "ethnicity", "disability", "age_band",
                      "grade", "employer/sex", "employer/grade"):  # fmt: skip
        parts = [
            figure.numerator
            for key, figure in FIGURES.items()
            if (key.indicator, key.basis, key.period) == ("E01", "headcount", period)
            and key.breakdown == breakdown
        ]
        assert sum(parts) == whole, breakdown


def test_districts_add_up_to_the_region() -> None:
    for period in QUARTERS:
        region = _figure("E02", "known", period)
        parts = [_figure("E02", "known", period, "district", d) for d in DISTRICTS.values()]
        assert sum(part.numerator for part in parts) == region.numerator
        assert {part.denominator for part in parts} == {region.denominator}


def test_the_newest_snapshot_stands_for_a_half_and_a_year() -> None:
    for indicator, basis in (("E01", "headcount"), ("E02", "known"), ("E12", "known")):
        assert _figure(indicator, basis, "2021-22 H1") == _figure(indicator, basis, "2021-22 Q2")
        assert _figure(indicator, basis, "2022-23") == _figure(indicator, basis, "2022-23 Q4")


def test_starts_add_up_over_the_headcount_before_the_period() -> None:
    basis = "starts-of-headcount-before"
    year = _figure("E11", basis, "2022-23")
    quarters = [_figure("E11", basis, f"2022-23 Q{n}") for n in (1, 2, 3, 4)]
    assert year.numerator == sum(quarter.numerator for quarter in quarters)
    assert year.denominator == _figure("E01", "headcount", "2021-22 Q4").numerator
    assert _figure("E11", basis, "2021-22").value is None  # no snapshot before it


def test_the_golden_apprentices() -> None:
    def shown(above: int, below: int) -> str:
        return f"{Figure(Decimal(above), Decimal(below), 'per cent').value:.2f}"

    assert (shown(32, 885), shown(23, 92)) == ("3.62", "25.00")  # Chelmsford 2021/22: C/A, D/B
    assert (shown(4, 404), shown(9, 424)) == ("0.99", "2.12")  # Hinckley and Bosworth: D/H, C/A


def test_who_leaves_on_the_snapshot_counts_and_who_left_a_day_before_does_not() -> None:
    leaving = {row.employee.leave: row for row in ROWS}
    assert Person(leaving[date(2022, 3, 31)], "2021-22 Q4").is_in_headcount
    assert not Person(leaving[date(2022, 3, 30)], "2021-22 Q4").is_in_headcount


def test_whoever_turns_18_on_the_pay_date_counts_for_the_living_wage() -> None:
    june = true_rows("2022-23 Q1", DEFAULT_SEED)

    def counted(rows: list[Row]) -> Decimal:
        figures = dict(staff_figures({"2022-23 Q1": rows}))
        return figures[Key("E12", "known", "2022-23 Q1")].denominator or Decimal(0)

    of_age = [row for row in june if row.employee.birth == date(2004, 6, 28)]
    too_young = [row for row in june if row.employee.birth == date(2004, 6, 29)]
    assert (len(of_age), counted(of_age)) == (1, 1)
    assert (len(too_young), counted(too_young)) == (1, 0)


@pytest.mark.parametrize(
    ("birth", "years", "word"),
    [
        (date(1997, 3, 31), 25, "25-34"),
        (date(1997, 4, 1), 24, "under 25"),
        (date(1957, 3, 31), 65, "65 and over"),
        (date(1957, 4, 1), 64, "55-64"),
    ],
)
def test_age_bands_turn_on_the_birthday(birth: date, years: int, word: str) -> None:
    snapshot = date(2022, 3, 31)
    assert (age(birth, snapshot), band(birth, snapshot)) == (years, word)
    assert band(None, snapshot) == "undisclosed"


def test_a_row_that_cannot_be_used_is_nobody_in_the_figures() -> None:
    counted = _figure("E01", "headcount", "2022-23 Q3").numerator
    rows = true_rows("2022-23 Q3", DEFAULT_SEED)
    here = [row for row in rows if row.employee.is_employed(row.snapshot)]
    assert counted == len(here) - 1  # the one without number


def test_nine_apprenticeships_of_the_years_target_of_2_3_per_cent() -> None:
    """D/H of a year is its quarters' starts over the headcount before its first: 9 of 953."""
    year = _figure("E11", "starts-of-headcount-before", "2022-23")
    quarters = [_figure("E11", "starts-of-headcount-before", f"2022-23 Q{n}") for n in range(1, 5)]
    assert (year.numerator, year.denominator) == (9, 953)
    assert sum(one.numerator for one in quarters) == year.numerator
    assert year.value == Decimal("0.944386") < Decimal("2.3")
