"""What is due on a day: a pure function of the day and of dated seeds."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from flows.common.periods import Kind, Period, period_of
from flows.common.seeds import read_seed

PUBLICATION_PERIODS: dict[str, Kind] = {
    "quarterly": "quarter",
    "annual": "year",
    "finance_close": "month",
}


@dataclass(frozen=True)
class Holiday:
    """A bank holiday of England and Wales."""

    day: date


@dataclass(frozen=True)
class Delay:
    """How many working days after its period ends a publication is due."""

    publication: str
    working_days_after_end: int


def read_holidays(seeds: Path) -> frozenset[date]:
    """The bank holidays of England and Wales that the seed knows."""
    return frozenset(one.day for one in read_seed(seeds, "bank_holidays", Holiday))


def read_delays(seeds: Path) -> dict[str, int]:
    """How many working days after its period ends each publication is due."""
    found = read_seed(seeds, "publication_calendar", Delay)
    return {one.publication: one.working_days_after_end for one in found}


def working_day_after(start: date, working_days: int, holidays: Iterable[date]) -> date:
    """The `working_days`-th working day after `start`."""
    off = frozenset(holidays)
    day = start
    while working_days:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in off:
            working_days -= 1
    return day


def is_working_day(day: date, holidays: Iterable[date]) -> bool:
    """Whether `day` is neither at a weekend nor a bank holiday."""
    return day.weekday() < 5 and day not in frozenset(holidays)


def publication_day(period: Period, delay: int, holidays: Iterable[date]) -> date:
    """The day on which the publication about a period is due."""
    return working_day_after(period.end - timedelta(days=1), delay, holidays)


def publication_due(
    publication: str, today: date, delay: int, holidays: Iterable[date]
) -> Period | None:
    """The period whose publication is due today, if one is.

    Its due day is the `delay`-th working day after the period's last day; a publication stays
    due for a week after its due day, so that an outage does not lose it, even where the next
    period has ended meanwhile.
    """
    kind = PUBLICATION_PERIODS[publication]
    newest = period_of(period_of(today, kind).first_day - timedelta(days=1), kind)
    before = period_of(newest.first_day - timedelta(days=1), kind)
    for period in (before, newest):
        due = publication_day(period, delay, holidays)
        if due <= today <= due + timedelta(days=7):
            return period
    return None


def newest_due(publication: str, today: date, delay: int, holidays: Iterable[date]) -> Period:
    """The newest period whose publication is due today, or has been due on an earlier day."""
    period = period_of(today, PUBLICATION_PERIODS[publication])
    while publication_day(period, delay, holidays) > today:
        period = period_of(period.first_day - timedelta(days=1), period.kind)
    return period


def due_and_not_done(
    publication: str,
    today: date,
    delays: Mapping[str, int],
    holidays: Iterable[date],
    done: Container[str],
) -> Period | None:
    """The period whose publication is due today and is not done: `done` are labels of periods."""
    due = publication_due(publication, today, delays[publication], holidays)
    return None if due is None or due.label in done else due
