"""The two financial years of the made-up authority, as labels: months, quarters, halves, years."""

from calendar import monthrange
from datetime import date
from functools import cache

MONTHS = tuple(f"{2021 + n // 12}-{n % 12 + 1:02d}" for n in range(3, 27))  # April to March, twice
YEARS = ("2021-22", "2022-23")
HALVES = tuple(f"{year} H{n}" for year in YEARS for n in (1, 2))
QUARTERS = tuple(f"{year} Q{n}" for year in YEARS for n in (1, 2, 3, 4))
_MONTHS_IN = {"Q": 3, "H": 6}


@cache
def months_of(label: str) -> tuple[str, ...]:
    """The months of a period of the two years: `2022-04`, `2022-23 Q1`, `2022-23 H1`, `2022-23`."""
    if label in MONTHS:
        return (label,)
    year, _, part = label.partition(" ")
    first = YEARS.index(year) * 12
    if not part:
        return MONTHS[first : first + 12]
    length = _MONTHS_IN[part[0]]
    first += (int(part[1]) - 1) * length
    return MONTHS[first : first + length]


@cache
def first_day(label: str) -> date:
    """The first day of a period."""
    year, month = months_of(label)[0].split("-")
    return date(int(year), int(month), 1)


@cache
def last_day(label: str) -> date:
    """The last day of a period."""
    year, month = map(int, months_of(label)[-1].split("-"))
    return date(year, month, monthrange(year, month)[1])


@cache
def label_of(day: date, every: str) -> str:
    """The month, quarter, half or year of the two years that holds the day; '' outside them."""
    labels = {"month": MONTHS, "quarter": QUARTERS, "half": HALVES, "year": YEARS}[every]
    return next((label for label in labels if first_day(label) <= day <= last_day(label)), "")


def slug(label: str) -> str:
    """The period as file names write it: `2022-23-q1`."""
    return label.lower().replace(" ", "-")
