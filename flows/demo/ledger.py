"""The made-up ledger: every payment line of the quarter, before it is written as anybody's file."""

import random
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from flows.demo.authority import (
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
from flows.demo.periods import months_of

MONTHS = months_of("2022-23 Q1")

LINES = {"corporate": 900, "transport": 580}
WEIGHTS = {"": 2, "micro": 1, "small": 2, "medium": 3, "large": 4}
# Pennies from and to, and how many lines in a hundred; whole numbers, so that no float decides.
BANDS = ((5_000, 200_000, 60), (200_000, 800_000, 30), (800_000, 4_000_000, 9))
LARGEST = (4_000_000, 20_000_000)
TAXES = (7_000_000, 12_000_000)

SENT_TWICE = ("2022-05", "corporate")
FORMULA, FORMULA_MEANS = "=31484/40", Decimal("787.10")
NO_AMOUNT, NO_AMOUNT_MEANS = "TBC", Decimal("1250.00")
FAR_YEAR = "20019-11-27"
MISSING_AT_FIRST = 3


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
    amount_text: str = ""
    date_text: str = ""

    @property
    def quarantined(self) -> bool:
        """Whether a cell of the line cannot be read."""
        return bool(self.amount_text or self.date_text)


def ledger(seed: int) -> dict[tuple[str, str], list[Line]]:
    """The lines by month and part, in the order of the ledger, with every correction made."""
    lines = {(month, part): _lines(seed, month, part) for month in MONTHS for part in PARTS}
    lines[SENT_TWICE] = _with_errors_to_come(lines[SENT_TWICE])
    return lines


def as_first_sent(lines: list[Line]) -> list[Line]:
    """May corporate as first sent: two amounts that are none, one wrong, lines missing."""
    first = list(lines[:-MISSING_AT_FIRST])
    first[40] = replace(first[40], amount_text=NO_AMOUNT)
    first[200] = replace(first[200], amount_text=FORMULA)
    first[500] = replace(first[500], amount=first[500].amount - Decimal("90.00"))
    return first


def _with_errors_to_come(lines: list[Line]) -> list[Line]:
    lines = list(lines)
    lines[40] = replace(lines[40], amount=NO_AMOUNT_MEANS)
    lines[200] = replace(lines[200], amount=FORMULA_MEANS)
    lines[400] = replace(lines[400], date_text=FAR_YEAR)
    lines[500] = replace(lines[500], amount=Decimal("2190.45"))
    return lines


def _lines(seed: int, month: str, part: str) -> list[Line]:
    rng = random.Random(f"{seed}/{month}/{part}")  # noqa: S311 - it must be repeatable
    payable = [s for s in suppliers() if s.can_be_paid(part, month) and s.name not in EXCLUDED]
    weights = [WEIGHTS[s.size] for s in payable]
    lines: list[Line] = []
    for n in range(LINES[part] + rng.randrange(40)):
        line = _line(rng, month, part, rng.choices(payable, weights)[0])
        if n % 23 == 7:
            line = replace(line, amount=-_amount(rng, *BANDS[0][:2]))
        if n % (27 if part == "corporate" else 60) == 5:
            line = _withheld(line, n // 27 if part == "corporate" else n // 60)
        elif line.supplier and line.supplier.name == MANY_SPELLINGS:
            line = replace(line, name=SPELLINGS[len(lines) % len(SPELLINGS)])
        if n % 17 == 3:
            line = _without_number(rng, line)
        lines.append(line)
    if part == "corporate":
        lines += _taxes(rng, month)
    lines.sort(key=lambda line: line.paid)
    numbered = [replace(line, number=_number(month, part, n)) for n, line in enumerate(lines)]
    return _with_shifts(rng, numbered) if part == "corporate" else numbered


def _line(rng: random.Random, month: str, part: str, supplier: Supplier) -> Line:
    directorate, service, expenses = rng.choice(SERVICES[part])
    dice = rng.randrange(100)
    amount = _amount(rng, *LARGEST)
    for low, high, share in reversed(BANDS):
        if dice < share:
            amount = _amount(rng, low, high)
            break
        dice -= share
    return Line(
        month=month,
        part=part,
        number="",
        paid=_working_day(rng, month),
        supplier=supplier,
        supplier_id=supplier.supplier_id,
        name=supplier.name,
        directorate=directorate,
        service=service,
        expense=rng.choice(expenses),
        capital=rng.randrange(8) == 0,
        amount=amount,
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
        shift = replace(lines[n], amount=Decimal("131.25"), expense="Agency Staff")
        lines[n : n + 1] = [shift] * (5 + rng.randrange(5))
    return lines


def _is_shift(line: Line) -> bool:
    return bool(line.supplier_id) and line.name == AGENCY


def _number(month: str, part: str, n: int) -> str:
    return f"{'51' if part == 'corporate' else '19'}{month[2:4]}{month[5:]}{n + 1:05d}"


def _amount(rng: random.Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randrange(low, high)) / 100


def _working_day(rng: random.Random, month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    days = [date(year, number, d) for d in range(1, monthrange(year, number)[1] + 1)]
    return rng.choice([day for day in days if day.weekday() < 5])
