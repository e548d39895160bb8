"""What the ledger knows of a line's invoice: received, disputed, interest for late payment."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

# Days from receipt to payment, from and to, and how many invoices in a hundred.
DAYS_TO_PAY = ((0, 1, 1), (1, 29, 66), (29, 33, 12), (33, 59, 14), (59, 63, 3), (63, 130, 4))
STATUTORY_RATE = Decimal("8.1")  # per cent a year: eight points above the Bank's rate of 2021
CREDIT_DAYS = 30
PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Invoice:
    """When an invoice was received, whether it was disputed, what interest was owed and paid.

    None: the ledger does not say. `received_text` stands in the file where it holds no day.
    """

    received: date | None
    disputed: bool | None
    interest_liable: Decimal | None = None
    interest_paid: Decimal | None = None
    received_text: str = ""


NOTHING_KNOWN = Invoice(None, None)


def invoice(rng: random.Random, paid: date, amount: Decimal, part: str) -> Invoice:
    """What the ledger knows of an invoice that was paid on a day. The transport ledger says less:
    it marks what was disputed and nothing else, and knows no interest.
    """
    dice = rng.randrange(1000)
    if dice < 40:
        return NOTHING_KNOWN
    if dice < 44:
        return Invoice(None, None, received_text=("n/a", "see invoice")[dice % 2])
    received = paid - timedelta(days=-3 if dice == 44 else _days(rng))
    disputed: bool | None = rng.randrange(25) == 0
    if part == "transport":
        return Invoice(received, disputed or None)
    liable = None if disputed else _interest(received, paid, amount)
    is_paid = liable is not None and rng.randrange(3) == 0
    return Invoice(received, disputed, liable, liable if is_paid else None)


def _days(rng: random.Random) -> int:
    dice = rng.randrange(100)
    for low, high, share in DAYS_TO_PAY:
        if dice < share:
            return rng.randrange(low, high)
        dice -= share
    raise AssertionError("The shares of DAYS_TO_PAY add up to a hundred.")


def _interest(received: date, paid: date, amount: Decimal) -> Decimal | None:
    late = (paid - received).days - CREDIT_DAYS
    if late <= 0 or amount <= 0:
        return None
    return (amount * STATUTORY_RATE / 100 * late / 365).quantize(PENNY, ROUND_HALF_UP)
