"""What an officer decides on suppliers' claims: a list a quarter, a longer one once all are in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from flows.demo.made.authority.authority import SENDER
from flows.demo.made.authority.delivery import Delivery, Sending, Sum
from flows.demo.made.authority.periods import QUARTERS, last_day, slug
from flows.demo.made.authority.sheets import as_text, csv_file, whole
from flows.demo.made.authority.workbook import Cell
from flows.demo.made.contracts.measures import code_for
from flows.demo.made.delivery.claims import REJECTED, Claim, code_cell
from flows.demo.made.delivery.supplier_returns import Returned, returned

RETURN = "validations"
POST = "Social Value Lead"
DECIDED_AFTER = (24, 52)  # days after the quarter's end: most claims are in; all are
# A supplier, its contract, the code and the quantity as the claim gives them.
About = tuple[str, str, str, Decimal]
_HEADER = (
    "Supplier",
    "Contract reference",
    "Measure code",
    "Quantity claimed",
    "Decision",
    "Decided by",
    "Reason",
)


@dataclass(frozen=True, kw_only=True)
class DecisionsSent(Sending):
    """An officer's list, and what it decides of each claim."""

    decisions: tuple[tuple[About, str], ...]


def validation_sendings(seed: int) -> Iterator[Sending]:
    """The officer's lists: of a quarter without late or corrected claims there is one."""
    for quarter in QUARTERS:
        before: dict[About, str] = {}
        for days in DECIDED_AFTER:
            at = _moment(quarter, days)
            found = decided(quarter, at, seed)
            if found != before:
                yield _sending(quarter, at, found, corrects=bool(before))
            before = found


def decided(quarter: str, at: datetime, seed: int) -> dict[About, str]:
    """What is decided by then of the claims that are in; of two alike a rejection stands."""
    standing: dict[str, Returned] = {}
    for one in sorted(returned(seed), key=lambda one: one.at):
        if one.quarter == quarter and one.at <= at and not one.is_rejected:
            standing[one.supplier_id] = one
    found: dict[About, str] = {}
    for supplier_id, one in sorted(standing.items()):
        for claim in filter(lambda claim: claim.is_decided, one.claims):
            about = about_of(supplier_id, claim)
            if found.get(about) != REJECTED:
                found[about] = claim.status
    return found


def about_of(supplier_id: str, claim: Claim) -> About:
    """Which claim is meant, as a decision names it."""
    quantity = code_for(claim.measure_id, claim.template).in_unit(claim.quantity)
    return f"s{supplier_id}", claim.key, code_cell(claim).strip().upper(), quantity


def _moment(quarter: str, days: int) -> datetime:
    end = last_day(quarter)
    return datetime(end.year, end.month, end.day, 15, 5) + timedelta(days=days)  # noqa: DTZ001


def _sending(quarter: str, at: datetime, found: dict[About, str], corrects: bool) -> DecisionsSent:
    rows: list[list[Cell]] = [list(_HEADER)]
    for (supplier, reference, code, quantity), decision in found.items():
        reason = "The evidence does not show it." if decision == REJECTED else ""
        rows.append([supplier, reference, code, whole(quantity), decision, POST, reason])
    story = "Decisions on late and corrected claims too." if corrects else "Decisions on claims."
    name = f"{SENDER}_{slug(quarter)}.csv"
    return DecisionsSent(
        Delivery(at, RETURN, name, csv_file([*map(as_text, rows)]), story),
        SENDER,
        quarter,
        loaded=Sum(len(found)),
        corrects=corrects,
        decisions=tuple(found.items()),
    )
