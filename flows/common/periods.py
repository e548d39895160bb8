"""Reporting periods: months, financial quarters, halves and years (from 1 April)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.common.errors import InputError

Kind = Literal["month", "quarter", "half", "year"]
MONTHS_IN: dict[Kind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}

_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
_PART = re.compile(r"^(\d{4})(?:-(\d{2}))?[ -]?([QH])([1-4])$", re.IGNORECASE)
_YEAR = re.compile(r"^(\d{4})-(\d{2})$")


class PeriodError(InputError):
    """The text does not name a period."""


@dataclass(frozen=True, order=True)
class Period:
    """A reporting period: its kind and the first day of its first month."""

    first_day: date
    kind: Kind

    @property
    def label(self) -> str:
        """How the period is written: `2022-04`, `2022-23 Q1`, `2022-23 H1` or `2022-23`."""
        if self.kind == "month":
            return f"{self.first_day:%Y-%m}"
        year = financial_year_of(self.first_day)
        name = f"{year}-{(year + 1) % 100:02d}"
        months_in = (self.first_day.month - 4) % 12
        if self.kind == "quarter":
            return f"{name} Q{months_in // 3 + 1}"
        if self.kind == "half":
            return f"{name} H{months_in // 6 + 1}"
        return name

    @property
    def slug(self) -> str:
        """The label as a folder name: `2022-23-Q1`."""
        return self.label.replace(" ", "-")

    @property
    def months(self) -> list[str]:
        """The labels of the months in the period, in order."""
        return [f"{d:%Y-%m}" for d in self._month_starts()[:-1]]

    @property
    def end(self) -> date:
        """The first day after the period."""
        return self._month_starts()[-1]

    def _month_starts(self) -> list[date]:
        start = self.first_day.year * 12 + self.first_day.month - 1
        return [
            date(n // 12, n % 12 + 1, 1) for n in range(start, start + MONTHS_IN[self.kind] + 1)
        ]


def financial_year_of(day: date) -> int:
    """The calendar year in which the financial year (from 1 April) of `day` begins."""
    return day.year if day.month >= 4 else day.year - 1


def read_period(text: str) -> Period:
    """The period that `text` names.

    Reads `2022-04` (a month), `2022-23 Q1` or `2022-Q1` (a financial quarter), `2022-23 H1` or
    `2022-H1` (a half) and `2022-23` (a financial year). `2011-12` is December 2011, as a month
    and a year are written alike; a year is meant only where the last two digits are no month.
    Raises PeriodError with what was expected.
    """
    told = " ".join(text.split())
    if month := _MONTH.match(told):
        return Period(date(int(month[1]), int(month[2]), 1), "month")
    if part := _PART.match(told):
        year, number = int(part[1]), int(part[4])
        half = part[3].upper() == "H"
        if (not part[2] or int(part[2]) == (year + 1) % 100) and not (half and number > 2):
            months_on = (number - 1) * (6 if half else 3)
            start = year * 12 + 3 + months_on
            return Period(date(start // 12, start % 12 + 1, 1), "half" if half else "quarter")
    if (year_match := _YEAR.match(told)) and int(year_match[2]) == (int(year_match[1]) + 1) % 100:
        return Period(date(int(year_match[1]), 4, 1), "year")
    raise PeriodError(
        f"{text!r} is not a period: write 2022-23 Q1 or 2022-Q1 for a quarter, 2022-04 for a "
        "month, 2022-23 H1 for a half, 2022-23 for a year."
    )


def read_year(text: str) -> Period:
    """The financial year that `text` names, where only a year can be meant (`2011-12` too)."""
    told = _YEAR.match(text.strip())
    if told and int(told[2]) == (int(told[1]) + 1) % 100:
        return Period(date(int(told[1]), 4, 1), "year")
    raise PeriodError(f"{text!r} is not a financial year: write 2022-23.")


def read_quarter(text: str) -> Period:
    """The quarter that `text` names. Raises PeriodError if it names another kind of period."""
    period = read_period(text)
    if period.kind != "quarter":
        raise PeriodError(f"{text!r} is a {period.kind}: a quarterly report is for 2022-23 Q1.")
    return period


def quarters_of(period: Period) -> list[Period]:
    """The quarters that lie in the period, in order; of a quarter itself, of a month none."""
    starts = [date(int(label[:4]), int(label[5:]), 1) for label in period.months[::3]]
    return [period_of(day, "quarter") for day in starts] if period.kind != "month" else []


def labels_within(period: Period) -> list[str]:
    """The labels of the period and of every shorter one that lies in it, each once."""
    starts = [date(int(label[:4]), int(label[5:]), 1) for label in period.months]
    within = [period_of(day, kind) for kind in MONTHS_IN for day in starts]
    return list(dict.fromkeys(one.label for one in within if set(one.months) <= set(period.months)))


def period_of(day: date, kind: Kind) -> Period:
    """The period of that kind in which `day` falls."""
    if kind == "month":
        return Period(day.replace(day=1), kind)
    step = MONTHS_IN[kind]
    start = financial_year_of(day) * 12 + 3 + (day.month - 4) % 12 // step * step
    return Period(date(start // 12, start % 12 + 1, 1), kind)
