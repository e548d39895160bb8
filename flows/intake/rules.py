"""The contracts and suites in use: by what a return is read, and judged."""

from dataclasses import dataclass

from expectations.suite import Suite, read_suites
from flows.authority.places import places_in_use
from flows.common.settings import Settings
from flows.returns.contract import Contract, read_contracts


@dataclass(frozen=True)
class Rules:
    """The contracts and suites in use."""

    contracts: dict[str, Contract]
    suites: dict[str, Suite]

    def of(self, return_name: str) -> dict[str, Suite]:
        """The suite of each table of the return, by the name that its rows land under."""
        return {name: self.suites[name] for name in self.contracts[return_name].tables}


def read_rules(settings: Settings) -> Rules:
    """Every contract and suite. Raises DeclarationError, which names file and line."""
    places = places_in_use(settings)
    return Rules(read_contracts(places.contracts, places.seeds), read_suites(places.suites))
