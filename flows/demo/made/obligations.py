"""Who owes which return, for which periods, by when; and so which deliveries are late.

The seed `dbt/seeds/obligations.csv` says the same to the pipeline; a test holds them together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from flows.demo.made.authority.authority import PARTS, POSTS, SENDER, contracted, directorates, slug
from flows.demo.made.authority.periods import MONTHS, QUARTERS, YEARS, last_day
from flows.demo.made.contracts.commitments import quarters_owed

FRAMEWORK_BEGAN = "2022-23 Q1"
PERIODS = {"month": MONTHS, "quarter": QUARTERS, "year": YEARS}


@dataclass(frozen=True)
class Obligation:
    """A sender owes a return for each period from first to last, so many days after its end."""

    return_name: str
    sender: str
    part: str
    every: str
    first_period: str
    last_period: str
    due_days: int

    def periods(self) -> tuple[str, ...]:
        """The labels of the periods owed."""
        labels = PERIODS[self.every]
        first, last = labels.index(self.first_period), labels.index(self.last_period)
        return labels[first : last + 1]


def obligations() -> list[Obligation]:
    """Everything that is owed in the two years."""
    return list(_obligations())


def due(return_name: str, sender: str, period: str, part: str = "") -> date | None:
    """The last day on which that return is in time; None where nobody owes it."""
    days = _due_days().get((return_name, sender, part))
    return None if days is None else last_day(period) + timedelta(days=days)


@cache
def _due_days() -> dict[tuple[str, str, str], int]:
    return {(o.return_name, o.sender, o.part): o.due_days for o in _obligations()}


def _obligations() -> Iterator[Obligation]:
    for part in PARTS:
        yield _owed("finance_payments", SENDER, "month", 15, part=part)
    yield _owed("finance_vendors", SENDER, "month", 10)
    yield _owed("finance_control_totals", SENDER, "month", 10)
    yield _owed("finance_investments", SENDER, "quarter", 20)
    yield _owed("hr_workforce", SENDER, "quarter", 20)
    yield _owed("procurement_contracts", SENDER, "quarter", 30)
    yield _owed("procurement_commitments", SENDER, "quarter", 30)
    for supplier in contracted():
        if owed := quarters_owed(supplier.supplier_id):
            sender, first, last = f"s{supplier.supplier_id}", owed[0], owed[-1]
            yield _owed("supplier_returns", sender, "quarter", 30, first=first, last=last)
    yield _owed("validations", SENDER, "quarter", 26)
    for directorate in directorates():
        yield _owed("service_returns", slug(directorate), "quarter", 20)
    for post in POSTS:
        yield _owed("commitment_progress", slug(post), "quarter", 15, first=FRAMEWORK_BEGAN)
    yield _owed("reference_deprivation", SENDER, "year", 0)


def _owed(
    name: str,
    sender: str,
    every: str,
    due_days: int,
    *,
    part: str = "",
    first: str = "",
    last: str = "",
) -> Obligation:
    labels = PERIODS[every]
    return Obligation(name, sender, part, every, first or labels[0], last or labels[-1], due_days)
