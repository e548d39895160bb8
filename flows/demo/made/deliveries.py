"""Every file of the two years as it arrives, in time order."""

from dataclasses import dataclass
from functools import cache
from itertools import chain

from flows.demo.made.authority.delivery import Delivery, Sending, in_order
from flows.demo.made.authority.periods import QUARTERS, YEARS, months_of
from flows.demo.made.delivery.value import value_sendings
from flows.demo.made.finance.finance import finance_sendings
from flows.demo.made.finance.investments import investment_sendings
from flows.demo.made.workforce.deprivation import deprivation_sendings
from flows.demo.made.workforce.workforce import workforce_sendings

DEFAULT_SEED = 2022


@dataclass(frozen=True)
class Scope:
    """How much of the two years comes: what is sent for some periods, and as which returns.

    No returns are all of them.
    """

    periods: tuple[str, ...]
    returns: tuple[str, ...] = ()

    def holds(self, sending: Sending) -> bool:
        """Whether the sending is for one of the periods, or for a part of it, and comes."""
        months = set(months_of(sending.period))
        within = any(months <= set(months_of(period)) for period in self.periods)
        return within and (not self.returns or sending.delivery.return_name in self.returns)


WHOLE = Scope((*QUARTERS, *YEARS))
QUARTER = Scope(("2022-23 Q1",), ("finance_payments", "finance_vendors", "finance_control_totals"))


def deliveries(seed: int = DEFAULT_SEED, scope: Scope = WHOLE) -> list[Delivery]:
    """Every file from May 2021 to May 2023, in the order of arrival; equal for equal seeds."""
    return [sending.delivery for sending in sendings(seed, scope)]


@cache
def sendings(seed: int = DEFAULT_SEED, scope: Scope = WHOLE) -> tuple[Sending, ...]:
    """The deliveries and what stands behind each, in the order of arrival."""
    if scope != WHOLE:
        return tuple(sending for sending in sendings(seed) if scope.holds(sending))
    return tuple(
        in_order(
            chain(
                finance_sendings(seed),
                investment_sendings(seed),
                workforce_sendings(seed),
                deprivation_sendings(),
                value_sendings(seed),
            )
        )
    )
