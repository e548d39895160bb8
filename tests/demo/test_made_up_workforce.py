"""The made-up workforce and its returns: as many and as various as real ones, and as faulty."""

import csv
from collections import Counter
from datetime import date

import pytest

from flows.demo.made.authority.authority import DISTRICTS, suppliers
from flows.demo.made.authority.periods import QUARTERS, first_day, last_day
from flows.demo.made.deliveries import DEFAULT_SEED, sendings
from flows.demo.made.obligations import due
from flows.demo.made.workforce.pay import APPRENTICE, LIVING_WAGE, POINTS, hourly, living_wage
from flows.demo.made.workforce.staff import LCRCA, MERSEYTRAVEL, staff
from flows.demo.made.workforce.staff_files import OTHER, USUAL
from flows.demo.made.workforce.staff_rows import Row, true_rows
from flows.demo.made.workforce.workforce import StaffSent
from tests.oracle.truth.staff.pay import hourly_pay
from tests.oracle.truth.staff.people import people
from tests.support.definitions import PLACES
from tests.support.demo_reading import day, rows_of

SENT = [s for s in sendings() if isinstance(s, StaffSent)]
STAFF = staff(DEFAULT_SEED)
SNAPSHOTS = [last_day(quarter) for quarter in QUARTERS]
RATES = PLACES.seeds / "living_wage_rates.csv"


@pytest.mark.parametrize(("employer", "low", "high"), [(LCRCA, 215, 235), (MERSEYTRAVEL, 720, 745)])
def test_each_employer_has_its_size_at_every_snapshot(employer: str, low: int, high: int) -> None:
    for snapshot in SNAPSHOTS:
        here = [e for e in STAFF if e.employer == employer and e.is_employed(snapshot)]
        assert low <= len(here) <= high


def test_people_come_and_go_every_quarter() -> None:
    for quarter in QUARTERS:
        first, last = first_day(quarter), last_day(quarter)
        assert sum(first <= e.start <= last for e in STAFF) >= 10
        assert sum(e.leave is not None and first <= e.leave <= last for e in STAFF) >= 10
        assert sum(e.apprentice_from is not None and first <= e.apprentice_from <= last
                   for e in STAFF) >= 1  # fmt: skip


def test_numbers_are_one_persons_but_for_the_one_who_works_for_both() -> None:
    assert len({(e.employer, e.number) for e in STAFF}) == len(STAFF)
    twice = [n for n, count in Counter(e.number for e in STAFF).items() if count > 1]
    assert len(twice) == 1


def test_edges_of_employment_and_of_age_are_planted() -> None:
    leaves, starts = {e.leave for e in STAFF}, {e.start for e in STAFF}
    assert {date(2022, 3, 31), date(2022, 3, 30)} <= leaves
    assert date(2021, 6, 30) in starts
    assert {date(2004, 6, 28), date(2004, 6, 29)} <= {e.birth for e in STAFF}
    june = true_rows("2022-23 Q1", DEFAULT_SEED)
    assert {row.pay_date for row in june} == {date(2022, 6, 28)}
    young = [e for e in STAFF if e.birth and e.grade == APPRENTICE and e.birth > date(2003, 4, 1)]
    assert len(young) >= 4


def test_homes_lie_in_and_around_the_region_and_no_supplier_trades_there() -> None:
    homes = [e.home for e in STAFF]
    assert 5 <= sum(home is None for home in homes) <= 40
    codes = Counter(home.code for home in homes if home)
    assert all(codes[code] >= 40 for code in DISTRICTS)
    assert sum(count for code, count in codes.items() if code not in DISTRICTS) >= 100
    assert codes["W06000005"] >= 3  # Flintshire: no decile is known
    assert not {home.postcode for home in homes if home} & {s.postcode for s in suppliers()}


def test_some_do_not_disclose() -> None:
    for words, least in (([e.sex for e in STAFF], 2), ([e.ethnicity for e in STAFF], 40)):
        assert words.count("undisclosed") >= least
    assert [e.disability for e in STAFF].count("undisclosed") >= 60


@pytest.mark.parametrize("quarter", ["2021-22 Q4", "2022-23 Q4"])
@pytest.mark.parametrize("employer", [LCRCA, MERSEYTRAVEL])
def test_equal_pay_stands_on_both_sides_of_a_boundary_of_the_pay_quarters(
    quarter: str, employer: str
) -> None:
    rows = people({quarter: true_rows(quarter, DEFAULT_SEED)})[quarter]
    here = [p for p in rows if p.is_in_headcount and p.words["employer"] == employer]
    pays = sorted(
        pay for p in here if (pay := hourly_pay(p)) is not None and p.words["sex"] != "undisclosed"
    )
    ends = [-(-len(pays) * nth // 4) for nth in (1, 2, 3)]
    assert sum(pays[end - 1] == pays[end] for end in ends) >= 2


def test_some_are_paid_below_the_living_wage_and_some_exactly_at_it() -> None:
    for quarter in QUARTERS:
        rows = true_rows(quarter, DEFAULT_SEED)
        rate = living_wage(rows[0].pay_date)
        assert sum(row.hourly_pay is not None and row.hourly_pay < rate for row in rows) >= 20
        assert sum(row.hourly_pay == rate for row in rows) >= 10


@pytest.mark.parametrize(
    ("on", "rate"),
    [
        (date(2021, 5, 8), "9.30"),
        (date(2021, 5, 9), "9.50"),
        (date(2022, 5, 14), "9.50"),  # 9.90 has been announced half a year ago
        (date(2022, 5, 15), "9.90"),
        (date(2023, 3, 28), "9.90"),
        (date(2023, 5, 14), "10.90"),
    ],
)
def test_a_living_wage_is_in_force_from_the_day_by_which_it_has_to_be_implemented(
    on: date, rate: str
) -> None:
    assert str(living_wage(on)) == rate


def test_no_living_wage_is_known_before_the_first() -> None:
    with pytest.raises(ValueError, match="No Real Living Wage"):
        living_wage(date(2020, 1, 1))


def test_the_seed_of_rates_says_the_same() -> None:
    with RATES.open(encoding="utf-8", newline="") as file:
        seeded = [
            (row["hourly_rate"], row["announced"], row["in_force_from"])
            for row in csv.DictReader(file)
            if row["area"] == "UK"
        ]
    assert seeded == [
        (str(rate), announced.isoformat(), implement_by.isoformat())
        for rate, announced, implement_by in LIVING_WAGE
    ]


def test_pay_rises_in_april_2022() -> None:
    for grade in POINTS:
        assert hourly(grade, 0, date(2022, 4, 1)) > hourly(grade, 0, date(2022, 3, 31))


def test_bonuses_are_few_and_nil_is_written_as_well_as_blank() -> None:
    rows = true_rows("2022-23 Q4", DEFAULT_SEED)
    paid = [row for row in rows if row.bonus]
    assert 30 <= len(paid) <= 140
    assert {row.employee.sex for row in paid} >= {"male", "female"}
    assert sum(row.bonus == 0 for row in rows) > 100
    assert sum(row.bonus is None for row in rows) > 100


def test_reduced_pay_is_given_or_left_out() -> None:
    rows = [row for q in QUARTERS for row in true_rows(q, DEFAULT_SEED) if not row.is_full_pay]
    assert {row.hourly_pay is None for row in rows} == {True, False}


# --- the files ------------------------------------------------------------------------------


def _read(sending: StaffSent) -> list[dict[str, str]]:
    rows = rows_of(sending.delivery)
    at = next(n for n, row in enumerate(rows) if {"FTE", "WTE"} & set(row))
    columns = [(OTHER if "WTE" in rows[at] else USUAL)[name] for name in rows[at]]
    return [dict(zip(columns, row, strict=True)) for row in rows[at + 1 :]]


READ = {s.delivery: _read(s) for s in SENT}


def test_every_quarter_has_its_return_and_two_are_corrected() -> None:
    assert sorted(s.period for s in SENT if not s.corrects) == list(QUARTERS)
    assert [s.period for s in SENT if s.corrects] == ["2021-22 Q3", "2022-23 Q4"]


def test_one_quarter_is_late() -> None:
    late = []
    for sending in SENT:
        until = due("hr_workforce", "lcrca", sending.period)
        assert until
        if not sending.corrects and sending.delivery.at.date() > until:
            late.append((sending.period, (sending.delivery.at.date() - until).days))
    assert late == [("2022-23 Q1", 9)]


def test_a_file_holds_a_row_for_everyone_there_and_for_who_left_in_the_quarter() -> None:
    for sending in SENT:
        assert len(READ[sending.delivery]) == sending.loaded.rows + sending.quarantined.rows
        for cells, row in zip(READ[sending.delivery], sending.rows, strict=True):
            assert cells["employee_number"] == row.texts.get("employee_number", row.employee.number)
            assert cells["full_name"] == row.employee.who.name
            _agrees(cells, row)


def _agrees(cells: dict[str, str], row: Row) -> None:
    for column, true in (
        ("birth_date", row.employee.birth),
        ("start_date", row.employee.start),
        ("pay_date", row.pay_date),
        ("snapshot_date", row.snapshot),
    ):
        if row.knows(column):
            assert day(cells[column]) == true, (column, cells[column])


def test_who_has_left_by_the_snapshot_says_so_and_who_leaves_later_does_not() -> None:
    for sending in SENT:
        for cells, row in zip(READ[sending.delivery], sending.rows, strict=True):
            leave = row.employee.leave
            has_left = leave is not None and leave <= row.snapshot
            assert bool(cells["leave_date"]) == has_left


def test_words_headers_and_dates_differ_between_extracts() -> None:
    sexes = {s.period: {cells["sex"] for cells in READ[s.delivery]} for s in SENT}
    assert {"Male", "Female"} <= sexes["2021-22 Q1"]
    assert {"M", "F"} <= sexes["2021-22 Q2"]
    third = next(s for s in SENT if s.period == "2022-23 Q3")
    forms = {cells["start_date"].count("/") for cells in READ[third.delivery]}
    assert forms == {0, 2}


def test_each_fault_is_planted() -> None:
    kinds = Counter(p.kind for s in SENT for p in s.planted)
    assert kinds == {
        "title row": 2,
        "blank row": 2,
        "FTE above 1": 1,
        "employee twice": 1,
        "employee without number": 1,
        "salary as hourly pay": 5,
        "unreadable and not needed": 6,
    }
