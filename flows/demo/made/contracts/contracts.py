"""The made-up contracts as they truly are; what the register says of them is another matter."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

THRESHOLD = Decimal("20000.00")  # above it, social value is asked for
KPI_THRESHOLD = Decimal("5000000.00")  # above it, key performance indicators are rated

_CONTRACTS = Path(__file__).parent / "contracts.csv"


@dataclass(frozen=True)
class Extension:
    """What prolongs a contract: when it was agreed, until when it holds, and what it adds."""

    agreed: date
    end: date
    value: Decimal


@dataclass(frozen=True)
class Contract:
    """A contract with one supplier. `value` and `end` are those of the award, without extension."""

    reference: str
    title: str
    supplier_id: str
    directorate: str
    process: str
    awarded: date
    start: date
    end: date
    value: Decimal
    extension: Extension | None

    @property
    def last_day(self) -> date:
        """The last day, the extension's where there is one."""
        return self.extension.end if self.extension else self.end

    @property
    def whole_value(self) -> Decimal:
        """The value over its life: the award's and what an extension adds."""
        return self.value + self.extension.value if self.extension else self.value

    def is_live(self, first: date, last: date) -> bool:
        """Whether any of its days lies between `first` and `last`, both counted."""
        return self.start <= last and self.last_day >= first


@cache
def contracts() -> tuple[Contract, ...]:
    """Every contract, by award."""
    with _CONTRACTS.open(encoding="utf-8", newline="") as file:
        return tuple(_contract(row) for row in csv.DictReader(file))


@cache
def contract(reference: str) -> Contract:
    """The contract of a reference. Raises KeyError where there is none."""
    return {found.reference: found for found in contracts()}[reference]


def _contract(row: dict[str, str]) -> Contract:
    return Contract(
        reference=row["reference"],
        title=row["title"],
        supplier_id=row["supplier_id"],
        directorate=row["directorate"],
        process=row["process"],
        awarded=date.fromisoformat(row["awarded"]),
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]),
        value=Decimal(row["value"]),
        extension=_extension(row) if row["extended_on"] else None,
    )


def _extension(row: dict[str, str]) -> Extension:
    return Extension(
        agreed=date.fromisoformat(row["extended_on"]),
        end=date.fromisoformat(row["extended_to"]),
        value=Decimal(row["extension_value"]),
    )
