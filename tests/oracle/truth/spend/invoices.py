"""C05: how promptly invoices were paid, by both regulations, invoice by invoice.

Day 1 is the day after the invoice was received. An invoice is the lines that share supplier,
transaction number, day of receipt and day of payment; a line without a number is one of its own.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flows.demo.made.authority.delivery import Sum
from flows.demo.made.authority.periods import MONTHS, label_of, last_day, months_of
from flows.demo.made.finance.finance import sum_of
from tests.oracle.truth.figures import Figure, Key, Tally
from tests.oracle.truth.spend.spend import EXCLUDED_GROUP, QUARANTINED, Placed

CREDIT_DAYS = timedelta(days=30)
DUE, LATER_MONTHS = "due-not-paid", 3  # months of payments after a half-year that complete it
BANDS = {"days-1-30": (0, 30), "days-31-60": (31, 60), "days-61-on": (61, 9999)}
UNDISPUTED, NOT_SAID, DISPUTED = "undisputed", "dispute not said", "disputed"
COUNTED = (UNDISPUTED, NOT_SAID, DISPUTED)
LEFT_OUT = ("no date", "credit", "paid before receipt", "excluded", "quarantined")
_GROUP_IS = {EXCLUDED_GROUP: "excluded", QUARANTINED: "quarantined"}


@dataclass(frozen=True)
class Counted:
    """An invoice with both its days: its month, its lines, and as what it counts."""

    month: str
    received: date
    paid: date
    lines: tuple[Placed, ...]
    counts_as: str

    @property
    def days(self) -> int:
        """The day on which it was paid."""
        return (self.paid - self.received).days


def invoices(lines: list[Placed]) -> list[Counted]:
    """The invoices that have a day of receipt and a day of payment."""
    grouped: dict[tuple[object, ...], list[Placed]] = defaultdict(list)
    for nth, each in enumerate(lines):
        line = each.line
        if each.group in _GROUP_IS or line.invoice.received is None:
            continue
        supplier = (each.vendor.supplier_id if each.vendor else line.supplier_id) or line.name
        key = (supplier, line.number or nth, line.invoice.received, line.paid)
        grouped[key].append(each)
    return [_counted(found) for found in grouped.values()]


def _counted(lines: list[Placed]) -> Counted:
    first = lines[0].line
    received = first.invoice.received
    assert received is not None
    kind = _counts_as(lines, (first.paid - received).days)
    return Counted(first.month, received, first.paid, tuple(lines), kind)


def _counts_as(lines: list[Placed], days: int) -> str:
    """Undisputed, dispute not said, disputed; or why it counts in no figure of days."""
    if sum(each.line.amount for each in lines) <= 0:
        return "credit"
    if days < 0:
        return "paid before receipt"
    disputed = {each.line.invoice.disputed for each in lines}
    if True in disputed:
        return DISPUTED
    return NOT_SAID if None in disputed else UNDISPUTED


def invoice_lines(lines: list[Placed], found: list[Counted]) -> dict[str, dict[str, Sum]]:
    """By month, what payment lines are to prompt payment: how many, and what they add up to."""
    counted: dict[str, dict[str, Sum]] = {
        month: {kind: Sum() for kind in (*COUNTED, *LEFT_OUT)} for month in MONTHS
    }
    for invoice in found:
        counted[invoice.month][invoice.counts_as] += sum_of([p.line for p in invoice.lines])
    for each in lines:
        kind = _GROUP_IS.get(each.group, "" if each.line.invoice.received else "no date")
        if kind:
            counted[each.line.month][kind] += sum_of([each.line])
    return counted


def prompt_payment_figures(
    lines: list[Placed], found: list[Counted]
) -> Iterator[tuple[Key, Figure]]:
    """Every figure of C05, by the names of its bases in the seed `indicator_bases`."""
    within, mean = Tally("C05", "within-30-days"), Tally("C05", "mean-days", "mean")
    due = Tally("C05", DUE)
    bands = {basis: Tally("C05", basis) for basis in BANDS}
    for invoice in found:
        kind = invoice.counts_as
        if kind not in COUNTED:
            continue
        mean.add(invoice.month, invoice.days, 1)
        for basis, (first, last) in BANDS.items():
            bands[basis].add(invoice.month, int(first <= invoice.days <= last), 1)
        if kind == DISPUTED:
            continue
        within.add(invoice.month, int(invoice.days <= CREDIT_DAYS.days), 1)
        due_on = invoice.received + CREDIT_DAYS
        if month := label_of(due_on, "month"):
            is_late = invoice.paid > last_day(label_of(due_on, "half"))
            due.add(month, int(is_late), 1)
    for tally in (within, mean, *bands.values()):
        yield from tally.figures()
    come = {each.line.month for each in lines}
    for key, figure in due.figures():
        if come & set(later_months(key.period)):
            yield key, figure
    yield from _interest(lines)


def later_months(period: str) -> tuple[str, ...]:
    """The months after the half-year of a period's end: their payments show what it left unpaid."""
    after = MONTHS.index(months_of(label_of(last_day(period), "half"))[-1]) + 1
    return MONTHS[after : after + LATER_MONTHS]


def _interest(lines: list[Placed]) -> Iterator[tuple[Key, Figure]]:
    """Interest is what the lines say of it, dated or not, also of withheld names."""
    paid, liable = Tally("C05", "interest-paid", "sum"), Tally("C05", "interest-liable", "sum")
    for each in lines:
        invoice = each.line.invoice
        for tally, amount in ((paid, invoice.interest_paid), (liable, invoice.interest_liable)):
            if amount is not None and each.is_purchase:
                tally.add(each.line.month, amount, Decimal(0))
    yield from paid.figures()
    yield from liable.figures()
