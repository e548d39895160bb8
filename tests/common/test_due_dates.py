"""What is due on a day: every day of two years, and what an outage does to it."""

from datetime import date, timedelta

import pytest

from flows.authority.places import places_in_use
from flows.common.due_dates import (
    is_working_day,
    newest_due,
    publication_due,
    read_delays,
    read_holidays,
    working_day_after,
)
from flows.common.settings import Settings

FROM, UNTIL = date(2022, 4, 1), date(2024, 4, 1)

# Counted by hand on a wall calendar: the twentieth working day after each quarter's last day.
DUE = {
    "2021-22 Q4": date(2022, 5, 3),
    "2022-23 Q1": date(2022, 7, 28),
    "2022-23 Q2": date(2022, 10, 28),
    "2022-23 Q3": date(2023, 1, 30),
    "2022-23 Q4": date(2023, 5, 3),
    "2023-24 Q1": date(2023, 7, 28),
    "2023-24 Q2": date(2023, 10, 27),
    "2023-24 Q3": date(2024, 1, 29),
}


def due_on(settings: Settings, day: date) -> str | None:
    delay = read_delays(places_in_use(settings).seeds)["quarterly"]
    period = publication_due("quarterly", day, delay, read_holidays(places_in_use(settings).seeds))
    return period.label if period else None


@pytest.mark.parametrize(("label", "day"), DUE.items())
def test_the_newest_that_is_due_is_so_from_its_day_until_the_next_one_is(
    settings: Settings, label: str, day: date
) -> None:
    delay = read_delays(places_in_use(settings).seeds)["quarterly"]
    holidays = read_holidays(places_in_use(settings).seeds)
    labels = [*DUE, "2024-25 Q1"]
    before = labels[labels.index(label) - 1] if label != labels[0] else "2021-22 Q3"
    asked = {
        n: newest_due("quarterly", day + timedelta(days=n), delay, holidays).label
        for n in (-1, 0, 60)
    }
    assert asked == {-1: before, 0: label, 60: label}


def days() -> list[date]:
    return [FROM + timedelta(days=n) for n in range((UNTIL - FROM).days)]


def test_each_quarter_of_two_years_first_comes_due_on_one_day_as_counted_by_hand(
    settings: Settings,
) -> None:
    first: dict[str, list[date]] = {}
    for day in days():
        label = due_on(settings, day)
        if label and due_on(settings, day - timedelta(days=1)) != label:
            first.setdefault(label, []).append(day)
    assert first == {label: [day] for label, day in DUE.items()}


def test_nothing_first_comes_due_at_a_weekend_or_on_a_bank_holiday(settings: Settings) -> None:
    holidays = read_holidays(places_in_use(settings).seeds)
    firsts = [
        day
        for day in days()
        if due_on(settings, day) and not due_on(settings, day - timedelta(days=1))
    ]
    assert len(firsts) == len(DUE)
    assert [day for day in firsts if not is_working_day(day, holidays)] == []


def test_a_publication_that_an_outage_missed_is_due_for_a_week_and_then_no_more(
    settings: Settings,
) -> None:
    for label, day in DUE.items():
        said = [due_on(settings, day + timedelta(days=n)) for n in range(-1, 9)]
        assert said == [None] + [label] * 8 + [None]


def test_a_delay_that_ends_on_a_holiday_falls_on_the_next_working_day() -> None:
    maundy_thursday, easter_tuesday = date(2022, 4, 14), date(2022, 4, 19)
    easter = [date(2022, 4, 15), date(2022, 4, 18)]
    assert working_day_after(maundy_thursday, 1, easter) == easter_tuesday
    assert working_day_after(maundy_thursday, 1, []) == date(2022, 4, 15)
    assert working_day_after(maundy_thursday, 2, easter) == date(2022, 4, 20)


def test_working_days_run_over_the_end_of_a_year() -> None:
    holidays = [date(2022, 12, 26), date(2022, 12, 27), date(2023, 1, 2)]
    assert working_day_after(date(2022, 12, 23), 5, holidays) == date(2023, 1, 4)


def test_no_working_days_after_a_day_is_the_day_itself() -> None:
    assert working_day_after(date(2022, 7, 9), 0, []) == date(2022, 7, 9)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2022, 6, 1), True),
        (date(2022, 6, 3), False),  # the Platinum Jubilee, a Friday
        (date(2022, 6, 4), False),  # a Saturday
        (date(2022, 9, 19), False),  # the state funeral
    ],
)
def test_bank_holidays_come_from_the_seed(settings: Settings, day: date, works: bool) -> None:
    assert is_working_day(day, read_holidays(places_in_use(settings).seeds)) is works


@pytest.mark.parametrize(
    ("day", "year"),
    [
        # The fortieth working day after 31 March, counted by hand past Easter and the May holidays,
        # of which one is in June in 2022, for the jubilee; and the last day of its week of grace.
        (date(2022, 5, 30), None),
        (date(2022, 5, 31), "2021-22"),
        (date(2022, 6, 7), "2021-22"),
        (date(2022, 6, 8), None),
        (date(2022, 10, 28), None),
    ],
)
def test_the_annual_review_is_due_once_a_year(
    settings: Settings, day: date, year: str | None
) -> None:
    delay = read_delays(places_in_use(settings).seeds)["annual"]
    period = publication_due("annual", day, delay, read_holidays(places_in_use(settings).seeds))
    assert (period.label if period else None) == year
