"""What is known of a file before its rows are, and what became of it: filing, steps, counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Outcome = Literal["loaded", "held", "rejected"]


@dataclass(frozen=True)
class Step:
    """How one step of a return's way ended."""

    step: str
    outcome: Literal["done", "warned", "failed"]
    detail: str


@dataclass(frozen=True)
class Filing:
    """What is known of a file before its rows are: whose, which bytes, judged by what.

    `judged_by`: the rules by their digests, and the period that was given, for the ledger's event.
    """

    filing_id: str
    attempt: int
    return_name: str
    sender: str
    part: str
    sha256: str
    size_bytes: int
    file_name: str
    received_at: datetime
    contract_version: str
    contract_digest: str
    suite_version: str
    suite_digest: str
    layout: str | None
    judged_by: Mapping[str, object] = field(default_factory=dict)

    def return_id(self, period: str) -> str:
        """The name of the filing's return for `period` ('' if it is not known)."""
        base = f"{self.filing_id}/{period}" if period else self.filing_id
        return base if self.attempt == 1 else f"{base}#{self.attempt}"


@dataclass(frozen=True)
class Counts:
    """Rows and money of one return. `read` = loaded + quarantined + dropped."""

    loaded: int = 0
    quarantined: int = 0
    dropped: int = 0
    amount_total: Decimal | None = None
    amount_quarantined: Decimal | None = None

    @property
    def read(self) -> int:
        """Every row that was read, whatever became of it."""
        return self.loaded + self.quarantined + self.dropped

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.loaded + other.loaded,
            self.quarantined + other.quarantined,
            self.dropped + other.dropped,
            _added(self.amount_total, other.amount_total),
            _added(self.amount_quarantined, other.amount_quarantined),
        )


def _added(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


@dataclass(frozen=True)
class Kept:
    """A return as it was kept."""

    return_id: str
    period: str
    outcome: Outcome
    reason: str | None
    counts: Counts
