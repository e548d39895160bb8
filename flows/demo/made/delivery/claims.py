"""What suppliers claim to have delivered, row by row, before it is written into a template."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from random import Random

from flows.demo.made.authority.periods import QUARTERS, first_day, last_day
from flows.demo.made.authority.sheets import whole
from flows.demo.made.authority.workbook import Cell
from flows.demo.made.contracts.commitments import (
    Commitment,
    commitments,
    committed,
    profile_of,
    promising,
    quarters_owed,
)
from flows.demo.made.contracts.measures import MEASURES, code_for

CLAIMED, EVIDENCED, VALIDATED, REJECTED = "claimed", "evidenced", "validated", "rejected"
IN_PERIOD, TO_DATE = "in period", "cumulative"
TEMPLATE_OF = (
    "standard",
    "essex",
    "words",
    "standard",
    "essex",
)  # by the supplier's place in the list

_STEPS = {  # the smallest figure that is reported of each unit
    "FTE years": "0.01",
    "weeks": "0.5",
    "attendee hours": "1",
    "staff hours": "0.5",
    "hours": "1",
    "GBP": "1",
    "tCO2e": "0.1",
    "tonnes": "0.1",
}
_DONE = (
    "Delivered as agreed with the contract manager.",
    "Held at the community centre; more came than expected.",
    "Slower than planned; we shall catch up next quarter.",
    "Together with the site team.",
    "As in the plan.",
)


@dataclass(frozen=True)
class Claim:
    """A row of a supplier's return. `quantity` is in the measure's unit; the cell is in the code's.

    `cell` stands in place of the quantity (a word, a formula, an error). `fault` is why the row is
    kept out ('' where it is kept). None and '' are cells that say nothing. `status` is how far the
    claim comes in the end, once an officer has decided; `said` is what the supplier writes.
    """

    reference: str
    measure_id: str
    quantity: Decimal
    template: str = "standard"
    reckoning: str = ""
    evidence: str = ""
    share: Decimal | None = None
    shared_outcome: str = ""
    contract_only: bool | None = True
    committed: bool | None = True
    status: str = ""
    extra_cost: Decimal | None = None
    extra_cost_word: str = ""
    narrative: str = ""
    code_word: str = ""
    cell: Cell = None
    fault: str = ""
    decides_itself: bool = False

    @property
    def key(self) -> str:
        """The reference as references are compared."""
        return self.reference.strip().upper()

    @property
    def is_decided(self) -> bool:
        """Whether an officer validates or rejects it once it is in."""
        return self.status in (VALIDATED, REJECTED) and not self.fault

    @property
    def said(self) -> str:
        """The status that the supplier writes: what an officer decides is not its to say."""
        if self.decides_itself or self.status not in (VALIDATED, REJECTED):
            return self.status
        return EVIDENCED if self.status == VALIDATED or self.evidence else CLAIMED


def dice_of(*words: object) -> Random:
    """Dice that fall alike whenever the same is said."""
    return Random(" ".join(map(str, words)))  # noqa: S311 (nothing secret hangs on it)


@cache
def senders() -> tuple[str, ...]:
    """The suppliers that owe a return in some quarter, in the order of their numbers."""
    return tuple(sorted({c.contract.supplier_id for c in commitments() if c.quantity > 0}))


def template_of(supplier_id: str) -> str:
    """The template a supplier fills in."""
    return TEMPLATE_OF[senders().index(supplier_id) % len(TEMPLATE_OF)]


def counts_to_date(supplier_id: str) -> bool:
    """Whether the supplier reports figures to date."""
    return senders().index(supplier_id) % 3 == 1


def first_claims(supplier_id: str, seed: int) -> dict[str, list[Claim]]:
    """What the supplier delivers in each quarter it owes, in period, for all it has promised."""
    series: dict[tuple[str, str], dict[str, Decimal]] = {}
    found: dict[str, list[Claim]] = {}
    for quarter in quarters_owed(supplier_id):
        dice = dice_of(seed, supplier_id, quarter)
        claims: list[Claim] = []
        for contract in promising(supplier_id, quarter):
            for promise in committed(contract.reference):
                key = promise.reference, promise.measure_id
                if key not in series:
                    series[key] = delivered(promise, seed)
                claim = _claim(promise, series[key][quarter], quarter, dice)
                if claim.quantity or not claims or dice.random() < 0.4:  # many leave a nought out
                    claims.append(claim)
        found[quarter] = claims
    return found


def delivered(promise: Commitment, seed: int) -> dict[str, Decimal]:
    """What is delivered of a commitment in each quarter, in the measure's unit; levels as such."""
    dice = dice_of(seed, promise.reference, promise.measure_id)
    pace = Decimal(dice.choice(("0.45", "0.7", "0.85", "0.95", "1", "1.1", "1.25")))
    step = Decimal(_STEPS.get(MEASURES[promise.measure_id].unit, "1"))
    due, whole, before, found = Decimal(0), Decimal(0), Decimal(0), {}
    for quarter in QUARTERS:
        due += planned(promise, quarter) * Decimal(dice.choice(("0.6", "0.9", "1", "1.2", "1.3")))
        whole = (due * pace).quantize(step, ROUND_HALF_UP)
        level = not MEASURES[promise.measure_id].accumulates
        found[quarter] = whole if level else whole - before
        before = whole
    return found


def planned(promise: Commitment, quarter: str) -> Decimal:
    """What is to be delivered in a quarter: the profile's figure, or a share by days."""
    if profile := profile_of(promise):
        return profile.get(quarter, Decimal(0))
    start, end = promise.start or promise.contract.start, promise.end or promise.contract.last_day
    first, last = max(start, first_day(quarter)), min(end, last_day(quarter))
    return promise.quantity * max(0, _days(first, last)) / _days(start, end)


def to_date(found: dict[str, list[Claim]]) -> dict[str, list[Claim]]:
    """The same claims with figures to date; a claim that says how it is reckoned stays as it is."""
    running: dict[tuple[str, str], Decimal] = {}
    reckoned: dict[str, list[Claim]] = {}
    for quarter, claims in found.items():
        reckoned[quarter] = []
        for claim in claims:
            key = claim.key, claim.measure_id
            running[key] = running.get(key, Decimal(0)) + claim.quantity
            if not claim.reckoning and MEASURES[claim.measure_id].accumulates:
                claim = replace(claim, quantity=running[key], reckoning=TO_DATE)
            reckoned[quarter].append(claim)
    return reckoned


def _claim(promise: Commitment, quantity: Decimal, quarter: str, dice: Random) -> Claim:
    status = _status(quarter, dice)
    evidence = f"{promise.reference}/{promise.measure_id}/{quarter[2:4]}{quarter[-1]}"
    has_evidence = status in (EVIDENCED, VALIDATED) and dice.random() > 0.04
    attested = dice.random()
    return Claim(
        reference=promise.reference,
        measure_id=promise.measure_id,
        quantity=quantity,
        evidence=evidence if has_evidence else "",
        contract_only=None if attested < 0.03 else attested > 0.05,
        committed=attested < 0.96,
        status="" if status == CLAIMED and dice.random() < 0.5 else status,
        narrative=dice.choice(_DONE),
    )


def _status(quarter: str, dice: Random) -> str:
    """How far a claim has come: those of the first year mostly to the end, the last less far."""
    late = QUARTERS.index(quarter) / 10
    thrown = dice.random()
    if thrown < 0.03:
        return REJECTED
    if thrown < 0.75 - late / 2:
        return VALIDATED
    return EVIDENCED if thrown < 0.9 - late / 4 else CLAIMED


def _days(first: date, last: date) -> int:
    return (last - first).days + 1


def code_cell(claim: Claim) -> str:
    """The measure's code as it stands in the row."""
    return claim.code_word or code_for(claim.measure_id, claim.template).code


def quantity_cell(claim: Claim) -> Cell:
    """The quantity as it stands in the row, in the unit of the template's code."""
    if claim.cell is not None:
        return claim.cell
    return whole(code_for(claim.measure_id, claim.template).in_unit(claim.quantity))
