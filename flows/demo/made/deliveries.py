"""Every file of the two years as it arrives, in time order."""

from functools import cache
from itertools import chain

from flows.demo.made.authority.delivery import Delivery, Sending, in_order
from flows.demo.made.delivery.value import value_sendings
from flows.demo.made.finance.finance import finance_sendings
from flows.demo.made.finance.investments import investment_sendings
from flows.demo.made.workforce.deprivation import deprivation_sendings
from flows.demo.made.workforce.workforce import workforce_sendings

DEFAULT_SEED = 2022


def deliveries(seed: int = DEFAULT_SEED) -> list[Delivery]:
    """Every file from May 2021 to May 2023, in the order of arrival; equal for equal seeds."""
    return [sending.delivery for sending in sendings(seed)]


@cache
def sendings(seed: int = DEFAULT_SEED) -> tuple[Sending, ...]:
    """The deliveries and what stands behind each, in the order of arrival."""
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
