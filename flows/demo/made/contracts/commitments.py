"""What contracts have promised of social value, and by when."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path

from flows.demo.made.authority.periods import QUARTERS, first_day, last_day
from flows.demo.made.contracts.contracts import Contract, contract, contracts
from flows.demo.made.contracts.measures import MEASURES

_COMMITMENTS = Path(__file__).parent / "commitments.csv"
_WHOLE = {"people", "devices", "trees"}


@dataclass(frozen=True)
class Commitment:
    """A contract's promise of one measure over its life, in the measure's unit.

    `start` and `end` None: the contract's own. `profile` is how it is spread over the quarters:
    '' (linear), even, early, late, or short (a profile that does not add up).
    """

    reference: str
    measure_id: str
    quantity: Decimal
    text: str
    start: date | None
    end: date | None
    profile: str

    @property
    def contract(self) -> Contract:
        """The contract that promises it."""
        return contract(self.reference)


@cache
def commitments() -> tuple[Commitment, ...]:
    """Every commitment, by contract and measure; also the one of nought, which is none."""
    with _COMMITMENTS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Commitment(
                reference=row["contract_reference"],
                measure_id=row["measure"],
                quantity=Decimal(row["quantity"]),
                text=row["text"],
                start=date.fromisoformat(row["start"]) if row["start"] else None,
                end=date.fromisoformat(row["end"]) if row["end"] else None,
                profile=row["profile"],
            )
            for row in csv.DictReader(file)
        )


@cache
def committed(reference: str) -> tuple[Commitment, ...]:
    """The commitments of a contract, without any of nought."""
    return tuple(c for c in commitments() if c.reference == reference and c.quantity > 0)


def promising(supplier_id: str, quarter: str) -> list[Contract]:
    """The supplier's contracts that are live in the quarter and have promised something."""
    first, last = first_day(quarter), last_day(quarter)
    held = (c for c in contracts() if c.supplier_id == supplier_id and c.is_live(first, last))
    return [c for c in held if committed(c.reference)]


def quarters_owed(supplier_id: str) -> list[str]:
    """The quarters for which the supplier owes a return; a test sees that there is no gap."""
    return [quarter for quarter in QUARTERS if promising(supplier_id, quarter)]


def quarter_of(day: date) -> str:
    """The financial quarter of any day: `2024-25 Q1`."""
    year = day.year if day.month >= 4 else day.year - 1
    return f"{year}-{(year + 1) % 100:02d} Q{(day.month - 4) % 12 // 3 + 1}"


def profile_of(commitment: Commitment) -> dict[str, Decimal]:
    """What is to be delivered in each quarter of its life; empty where it is linear."""
    if not commitment.profile:
        return {}
    labels = _quarters(commitment.contract.start, commitment.contract.end)
    weights = _weights(commitment.profile, len(labels))
    whole = sum(weights) + (commitment.profile == "short")
    step = Decimal(1) if MEASURES[commitment.measure_id].unit in _WHOLE else Decimal("0.01")
    to_date = [
        (commitment.quantity * part / whole).quantize(step, ROUND_DOWN)
        for part in accumulate(weights)
    ]
    before = [Decimal(0), *to_date]
    return {label: to_date[nth] - before[nth] for nth, label in enumerate(labels)}


def _weights(kind: str, quarters: int) -> list[int]:
    if kind == "late":
        return list(range(1, quarters + 1))
    if kind == "early":
        return list(range(quarters, 0, -1))
    return [1] * quarters


def _quarters(first: date, last: date) -> list[str]:
    labels = []
    day = first
    while day <= last:
        labels.append(quarter_of(day))
        day = date(day.year + (day.month > 9), (day.month + 2) % 12 + 1, 1)
    if quarter_of(last) not in labels:
        labels.append(quarter_of(last))
    return labels
