"""What the registers and commitments returns in force say of each contract.

Sections 1 and 2 of `docs/counting-rules.md`, worked out from the rows that procurement sends.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from flows.demo.made.authority.equality import NOT_KNOWN, assessed
from flows.demo.made.authority.periods import first_day, last_day
from flows.demo.made.contracts.commitments import profile_of, quarter_of
from flows.demo.made.contracts.measures import STANDARD, TEMPLATES
from flows.demo.made.contracts.promises import SHEETLESS, Promise
from flows.demo.made.contracts.register import BOOK, FORMS, NOTICES, Entry
from tests.oracle.truth.standing import Standing

SIX = Decimal("0.000001")
FACTORS = {code.code: code.factor for code in (*STANDARD, *TEMPLATES["essex"], *TEMPLATES["words"])}


@dataclass(frozen=True)
class Agreement:
    """A contract as its newest register has it. `supplier_id` '': that register does not say."""

    reference: str
    supplier_id: str
    directorate: str
    awarded: date
    start: date
    end: date | None
    value: Decimal | None
    assessment: str

    def is_live(self, period: str) -> bool:
        """Whether one of its days lies in the period."""
        return self.start <= last_day(period) and (
            self.end is None or self.end >= first_day(period)
        )

    def has_started(self, period: str) -> bool:
        """Whether it has started by the period's end."""
        return self.start <= last_day(period)


@dataclass(frozen=True)
class Promised:
    """What a contract has committed to of one measure, in the measure's unit."""

    reference: str
    measure_id: str
    quantity: Decimal
    parts: tuple[tuple[Decimal, date, date], ...]  # quantity, first and last day of each row
    profile: tuple[tuple[str, Decimal], ...]

    def profiled(self, until: date) -> Decimal:
        """What is to be delivered up to a day that ends a quarter."""
        if self.profile:
            label = quarter_of(until)
            return sum((part for quarter, part in self.profile if quarter <= label), Decimal(0))
        return sum((_linear(*part, until) for part in self.parts), Decimal(0))


@cache
def contracts_standing(standing: Standing) -> dict[str, Agreement]:
    """Every contract by its reference, as the newest register that names it says."""
    newest: dict[str, tuple[str, list[Entry]]] = {}
    for quarter, sent in standing.registers.items():
        named: dict[str, list[Entry]] = {}
        for entry in dict.fromkeys(sent.entries):  # rows that are alike count once
            named.setdefault(entry.key, []).append(entry)
        newest |= {key: (quarter, entries) for key, entries in named.items()}
    return {key: _agreement(key, *found) for key, found in newest.items()}


@cache
def promises_standing(standing: Standing) -> dict[tuple[str, str], Promised]:
    """Every commitment by contract and measure, as the newest return that names the contract says.

    Only of contracts that the register knows.
    """
    newest: dict[str, tuple[str, list[Promise]]] = {}
    for quarter, sent in standing.promises.items():
        named: dict[str, list[Promise]] = {}
        for row in sent.rows:
            if not row.fault:
                named.setdefault(row.commitment.reference, []).append(row)
        newest |= {key: (quarter, rows) for key, rows in named.items()}
    found = {}
    for key, (quarter, rows) in newest.items():
        if contract := contracts_standing(standing).get(key):
            for measure in dict.fromkeys(row.commitment.measure_id for row in rows):
                own = [row for row in rows if row.commitment.measure_id == measure]
                found[key, measure] = _promised(
                    contract, measure, own, with_profile=quarter != SHEETLESS
                )
    return found


def promises_are_known(standing: Standing, contract: Agreement) -> bool:
    """Whether the promises that have come could name the contract: awarded by their last day."""
    return any(contract.awarded <= last_day(quarter) for quarter in standing.promises)


def rounded(amount: Decimal) -> Decimal:
    """Half up to six decimals."""
    return amount.quantize(SIX, ROUND_HALF_UP)


def _agreement(key: str, quarter: str, entries: list[Entry]) -> Agreement:
    main = min(entries, key=lambda e: (e.is_extension, e.start))
    awards = [entry.awarded for entry in entries if entry.awarded]
    start = min(entry.start for entry in entries)
    ends = [entry.end for entry in entries if entry.end]
    values = [entry.value for entry in entries if entry.value is not None]
    return Agreement(
        reference=key,
        supplier_id="" if FORMS[quarter] == NOTICES else main.supplier.supplier_id,
        directorate=main.directorate,
        awarded=min(awards, default=start),
        start=start,
        end=max(ends, default=None),
        value=sum(values, Decimal(0)) if values else None,
        assessment=assessed(key) if FORMS[quarter] == BOOK else NOT_KNOWN,
    )


def _promised(
    contract: Agreement, measure: str, rows: list[Promise], *, with_profile: bool
) -> Promised:
    parts = [
        (
            row.quantity * FACTORS[row.code],
            row.commitment.start or contract.start,
            row.commitment.end or contract.end or contract.start,
        )
        for row in rows
    ]
    profile = profile_of(rows[0].commitment) if with_profile else {}
    quantity = sum((quantity for quantity, _, _ in parts), Decimal(0))
    return Promised(contract.reference, measure, quantity, tuple(parts), tuple(profile.items()))


def _linear(quantity: Decimal, start: date, end: date, until: date) -> Decimal:
    """What of a quantity is due by a day, spread evenly over the days from start to end."""
    days = (min(until, end) - start).days + 1
    return rounded(quantity * max(0, days) / ((end - start).days + 1))
