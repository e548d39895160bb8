"""Who owes which return, for which periods, by when; and so which deliveries are late.

The seed `dbt/seeds/obligations.csv` says the same to the pipeline; a test holds them together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from flows.demo.authority import PARTS, POSTS, SENDER, Supplier, contracted, directorates, slug
from flows.demo.contracts import contracts
from flows.demo.periods import MONTHS, QUARTERS, YEARS, first_day, last_day

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
        first = _first_quarter(supplier)
        yield _owed("supplier_returns", f"s{supplier.supplier_id}", "quarter", 30, first=first)
    for directorate in directorates():
        yield _owed("service_returns", slug(directorate), "quarter", 20)
    for post in POSTS:
        yield _owed("commitment_progress", slug(post), "quarter", 15)
    yield _owed("reference_deprivation", SENDER, "year", 0)


def _first_quarter(supplier: Supplier) -> str:
    """The first quarter in which a contract of the supplier is live."""
    held = [c for c in contracts() if c.supplier_id == supplier.supplier_id]
    return next(q for q in QUARTERS if any(c.is_live(first_day(q), last_day(q)) for c in held))


def _owed(
    name: str, sender: str, every: str, due_days: int, *, part: str = "", first: str = ""
) -> Obligation:
    labels = PERIODS[every]
    return Obligation(name, sender, part, every, first or labels[0], labels[-1], due_days)
