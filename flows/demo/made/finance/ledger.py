"""The made-up ledger: every payment line of two years, before it is written as anybody's file."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import accumulate

from flows.demo.made.authority.authority import (
    AGENCY,
    EXCLUDED,
    MANY_SPELLINGS,
    PARTS,
    REDACTIONS,
    SAFE_SPELLINGS,
    SERVICES,
    SPELLINGS,
    Supplier,
    suppliers,
)
from flows.demo.made.authority.periods import MONTHS, first_day, last_day
from flows.demo.made.finance.invoices import Invoice, invoice
from flows.demo.made.finance.orders import Orders

LINES = {"corporate": 900, "transport": 580}
WEIGHTS = {"": 2, "micro": 1, "small": 2, "medium": 3, "large": 4}
# Pennies from and to, and how many lines in a hundred; whole numbers, so that no float decides.
BANDS = ((5_000, 200_000, 60), (200_000, 800_000, 30), (800_000, 4_000_000, 9))
LARGEST = (4_000_000, 20_000_000)
TAXES = (7_000_000, 12_000_000)

Books = dict[tuple[str, str], list["Line"]]


@dataclass(frozen=True)
class Line:
    """A payment line. `supplier` is None where the name is withheld.

    `supplier_id` and `name` are as the file gives them. `amount_text` and `date_text` stand in the
    file instead of amount and date, and cannot be read.
    """

    month: str
    part: str
    number: str
    paid: date
    supplier: Supplier | None
    supplier_id: str
    name: str
    directorate: str
    service: str
    expense: str
    capital: bool
    amount: Decimal
    invoice: Invoice
    contract_reference: str = ""
    amount_text: str = ""
    date_text: str = ""

    @property
    def quarantined(self) -> bool:
        """Whether a cell of the line cannot be read that must be."""
        return bool(self.amount_text or self.date_text)


@cache
def ledger(seed: int) -> Books:
    """The lines by month and part, in the order of the ledger, as they truly are."""
    orders = Orders()
    return {(month, part): _lines(seed, month, part, orders) for month in MONTHS for part in PARTS}


def _lines(seed: int, month: str, part: str, orders: Orders) -> list[Line]:
    rng = random.Random(f"{seed}/{month}/{part}")  # noqa: S311 - it must be repeatable
    payable = [s for s in suppliers() if s.can_be_paid(part, month) and s.name not in EXCLUDED]
    weights = list(accumulate(WEIGHTS[s.size] for s in payable))
    lines: list[Line] = []
    for n in range(LINES[part] + rng.randrange(40)):
        line = _line(rng, month, part, rng.choices(payable, cum_weights=weights)[0])
        if n % 23 == 7:
            line = replace(line, amount=-_amount(rng, *BANDS[0][:2]))
        if n % (27 if part == "corporate" else 60) == 5:
            line = _withheld(line, n // 27 if part == "corporate" else n // 60)
        elif line.supplier and line.supplier.name == MANY_SPELLINGS:
            line = replace(line, name=SPELLINGS[len(lines) % len(SPELLINGS)])
        if n % 17 == 3:
            line = _without_number(rng, line)
        lines.append(_ordered(rng, line, orders))
    if part == "corporate":
        lines += _taxes(rng, month)
    lines.sort(key=lambda line: line.paid)
    numbered = [replace(line, number=_number(month, part, n)) for n, line in enumerate(lines)]
    if part == "corporate":
        return _with_shifts(rng, numbered)
    return list(_in_several_lines(rng, numbered))


def _line(rng: random.Random, month: str, part: str, supplier: Supplier) -> Line:
    directorate, service, expenses = rng.choice(SERVICES[part])
    dice = rng.randrange(100)
    amount = _amount(rng, *LARGEST)
    for low, high, share in reversed(BANDS):
        if dice < share:
            amount = _amount(rng, low, high)
            break
        dice -= share
    paid = rng.choice(_working_days(month))
    return Line(
        month=month,
        part=part,
        number="",
        paid=paid,
        supplier=supplier,
        supplier_id=supplier.supplier_id,
        name=supplier.name,
        directorate=directorate,
        service=service,
        expense=rng.choice(expenses),
        capital=rng.randrange(8) == 0,
        amount=amount,
        invoice=invoice(rng, paid, amount, part),
    )


def _ordered(rng: random.Random, line: Line, orders: Orders) -> Line:
    """The line under a contract that its supplier holds, for seven lines in ten that can be."""
    if line.supplier is None or line.amount <= 0 or rng.randrange(10) >= 7:
        return line
    contract = orders.choose(rng, line.supplier.supplier_id, line.part, line.paid, line.amount)
    if contract is None:
        return line
    services = [s for s in SERVICES[line.part] if s[0] == contract.directorate]
    directorate, service, expenses = rng.choice(services)
    return replace(
        line,
        directorate=directorate,
        service=service,
        expense=rng.choice(expenses),
        contract_reference=contract.reference,
    )


def _withheld(line: Line, nth: int) -> Line:
    return replace(line, supplier=None, supplier_id="", name=REDACTIONS[nth % len(REDACTIONS)])


def _without_number(rng: random.Random, line: Line) -> Line:
    """The line without supplier number, its name in a spelling that still leads to the supplier."""
    if line.supplier is None or not line.supplier.name.isascii():
        return line
    name = line.supplier.name
    if name == MANY_SPELLINGS:
        name = rng.choice(SAFE_SPELLINGS)
    elif rng.randrange(2):
        name = name.upper()
    return replace(line, supplier_id="", name=name)


def _taxes(rng: random.Random, month: str) -> list[Line]:
    revenue = next(s for s in suppliers() if s.name in EXCLUDED)
    taxes = []
    for _ in range(2):
        line = _line(rng, month, "corporate", revenue)
        line = replace(line, service="Finance", expense="Tax and National Insurance", capital=False)
        taxes.append(replace(line, amount=_amount(rng, *TAXES)))
    return taxes


def _with_shifts(rng: random.Random, lines: list[Line]) -> list[Line]:
    """Agency staff by the shift: lines that are equal in every cell, each a payment of its own."""
    agency = [n for n, line in enumerate(lines) if _is_shift(line) and n > 600][:3]
    for n in reversed(agency):
        shift = replace(
            lines[n], amount=Decimal("131.25"), expense="Agency Staff", contract_reference=""
        )
        lines[n : n + 1] = [shift] * (5 + rng.randrange(5))
    return lines


def _is_shift(line: Line) -> bool:
    return bool(line.supplier_id) and line.name == AGENCY


def _in_several_lines(rng: random.Random, lines: list[Line]) -> Iterator[Line]:
    """Now and then an invoice stands on two lines, under one number; a few have no number."""
    for nth, line in enumerate(lines):
        if nth % 41 == 11 and line.supplier_id and line.amount > 100:
            first = _amount(rng, 1_00, int(line.amount * 50))
            yield replace(line, amount=first)
            yield replace(line, amount=line.amount - first)
        elif nth % 97 == 13:
            yield replace(line, number="")
        else:
            yield line


def _number(month: str, part: str, n: int) -> str:
    return f"{'51' if part == 'corporate' else '19'}{month[2:4]}{month[5:]}{n + 1:05d}"


def _amount(rng: random.Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randrange(low, high)).scaleb(-2)


@cache
def _working_days(month: str) -> tuple[date, ...]:
    days = range(first_day(month).toordinal(), last_day(month).toordinal() + 1)
    return tuple(d for d in map(date.fromordinal, days) if d.weekday() < 5)
