"""The people whom suppliers employ under contracts, as the people sheets of returns list them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from flows.demo.made.authority.authority import DISTRICTS
from flows.demo.made.authority.canaries import Identity, identity
from flows.demo.made.authority.periods import first_day, last_day
from flows.demo.made.contracts.commitments import Commitment, committed, promising, quarters_owed
from flows.demo.made.delivery.claims import dice_of, senders

GROUPS = (
    "long-term unemployed",
    "not in education or work",
    "care leaver",
    "ex-offender",
    "disabled",
    "veteran",
)
OTHER_WORDS = {
    "long-term unemployed": "LTU",
    "not in education or work": "NEET",
    "care leaver": "Care experienced",
    "ex-offender": "Rehabilitating or ex-offender",
    "disabled": "Disabled person",
    "veteran": "Armed forces veteran",
}
NO_SUCH_POSTCODE = "ZZ9 9ZZ"


@dataclass(frozen=True)
class Worker:
    """A row of a people sheet. `nth` says who it is; `reference` is the supplier's own number.

    `postcode` None: the person's own; '' and others stand in its place. `group_word` stands in
    place of the group. `fault` is why the row is kept out ('' where it is kept).
    """

    contract: str
    reference: str
    nth: int
    start: date | None
    end: date | None
    fte: Decimal
    is_local: bool | None
    is_apprentice: bool = False
    group: str = ""
    group_word: str = ""
    postcode: str | None = None
    fault: str = ""

    @property
    def who(self) -> Identity:
        """The person."""
        return identity(self.nth)

    @property
    def home_postcode(self) -> str:
        """The postcode that the row gives."""
        return self.who.home.postcode if self.postcode is None else self.postcode


def lists_people(supplier_id: str) -> bool:
    """Whether the supplier fills in the people sheet: two in three of those who promised jobs."""
    promised = [p for p in _promises(supplier_id) if p.measure_id in ("M01", "M02")]
    return bool(promised) and senders().index(supplier_id) % 3 != 2


def first_workers(supplier_id: str, seed: int) -> dict[str, list[Worker]]:
    """Who works under the supplier's contracts in each quarter it owes a return for."""
    everyone = list(_everyone(supplier_id, seed))
    found = {}
    for quarter in quarters_owed(supplier_id):
        first, last = first_day(quarter), last_day(quarter)
        here = (
            w for w in everyone if w.start and w.start <= last and (w.end is None or w.end >= first)
        )
        # Nobody writes down that someone will leave.
        found[quarter] = [replace(w, end=w.end if w.end and w.end <= last else None) for w in here]
    return found


def _everyone(supplier_id: str, seed: int) -> Iterator[Worker]:
    place = senders().index(supplier_id)
    nth = 0
    for contract in dict.fromkeys(p.reference for p in _promises(supplier_id)):
        promised = {p.measure_id: p for p in committed(contract)}
        if not {"M01", "M02"} & set(promised):
            continue
        dice = dice_of(seed, contract, "people")
        for _ in range(_how_many(promised)):
            yield _worker(contract, promised, place * 60 + nth, dice)
            nth += 1


def _how_many(promised: dict[str, Commitment]) -> int:
    wanted = Decimal(1)
    if job := promised.get("M01"):
        years = Decimal((job.contract.last_day - job.contract.start).days) / 365
        wanted += job.quantity / years
    if group := promised.get("M02"):
        wanted = max(wanted, group.quantity + 1)
    return min(14, int(wanted))


def _worker(contract: str, promised: dict[str, Commitment], nth: int, dice: Random) -> Worker:
    held = next(iter(promised.values())).contract
    start = held.start + timedelta(days=dice.choice((0, 0, 0, 14, 45, 130, 260, 400)))
    end = start + timedelta(days=dice.randint(100, 600)) if dice.random() < 0.25 else None
    grouped = dice.random() < (0.5 if "M02" in promised else 0.12)
    at_home = identity(nth).home.code in DISTRICTS
    return Worker(
        contract=contract,
        reference=f"PX{410_000 + nth * 7}",
        nth=nth,
        start=start,
        end=min(end, held.last_day) if end else None,
        fte=Decimal(dice.choice(("1", "1", "1", "0.8", "0.6", "0.5"))),
        is_local=at_home if dice.random() < 0.9 else None,
        is_apprentice=dice.random() < 0.15,
        group=dice.choice(GROUPS) if grouped else "",
    )


@cache
def _promises(supplier_id: str) -> tuple[Commitment, ...]:
    held = {c.reference: c for q in quarters_owed(supplier_id) for c in promising(supplier_id, q)}
    return tuple(promise for reference in held for promise in committed(reference))
