"""Which contract a payment is made under, so that spend keeps pace with a contract's value."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

from flows.demo.made.authority.authority import SERVICES
from flows.demo.made.authority.periods import MONTHS, first_day
from flows.demo.made.contracts.contracts import Contract, contracts

UNKNOWN_REFERENCE = "CR-9417"  # in no register
OVERSPENT = "CR-0031"  # the one contract under which more is paid than it is worth


class Orders:
    """The contracts, and what has been spent under each so far."""

    def __init__(self) -> None:
        self.spent: dict[str, Decimal] = defaultdict(Decimal)
        self._held: dict[tuple[str, str], list[Contract]] = defaultdict(list)
        parts = {s[0]: part for part, services in SERVICES.items() for s in services}
        for contract in contracts():
            self._held[contract.supplier_id, parts[contract.directorate]].append(contract)

    def choose(
        self, rng: random.Random, supplier_id: str, part: str, paid: date, amount: Decimal
    ) -> Contract | None:
        """A contract of the supplier that is live on the day and has room for the amount."""
        held = [
            c
            for c in self._held.get((supplier_id, part), [])
            if c.start <= paid <= c.last_day and self._has_room(c, paid, amount)
        ]
        if not held:
            return None
        contract = rng.choice(held)
        self.spent[contract.reference] += amount
        return contract

    def _has_room(self, contract: Contract, paid: date, amount: Decimal) -> bool:
        """Whether the value lasts, spent evenly since the start (or since the books begin)."""
        spent = self.spent[contract.reference]
        if contract.reference == OVERSPENT:
            return spent < contract.whole_value and amount < contract.whole_value / 2
        begun = max(contract.start, first_day(MONTHS[0]))
        days, life = (paid - begun).days + 1, (contract.last_day - contract.start).days + 1
        return spent + amount <= contract.value * days / life
