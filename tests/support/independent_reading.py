"""Payments files read a second time, in plain Python with Decimal, apart from the pipeline."""

import csv
import io
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Reading:
    """How many payments there are, and what they add up to."""

    payments: int
    amount: Decimal


def read_plainly(path: Path, amount_header: str) -> Reading:
    """A file with its header in the first record: every later record is a payment."""
    text = path.read_bytes().decode("utf-8-sig")
    header, *records = list(csv.reader(io.StringIO(text, newline="")))
    place = header.index(amount_header)
    amounts = [to_pence(record[place]) for record in records]
    return Reading(len(amounts), sum(amounts, Decimal(0)))


def to_pence(text: str) -> Decimal:
    """A sum in the file, thousands commas and all, to the penny."""
    return Decimal(text.replace(",", "").strip()).quantize(PENNY, ROUND_HALF_UP)
