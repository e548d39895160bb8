"""Every file of the two years as it arrives, in time order."""

from datetime import datetime
from functools import cache
from itertools import chain

from flows.demo.delivery import Delivery, Sending, in_order
from flows.demo.deprivation import deprivation_sendings
from flows.demo.finance import finance_sendings
from flows.demo.investments import investment_sendings
from flows.demo.standing import Standing
from flows.demo.value import value_sendings
from flows.demo.workforce import workforce_sendings

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


def standing_at(seed: int = DEFAULT_SEED, at: datetime | None = None) -> Standing:
    """What is in force at a moment, or once all are in; the same between two arrivals."""
    came = sum(at is None or sending.delivery.at <= at for sending in sendings(seed))
    return _standing(seed, came)


@cache
def _standing(seed: int, came: int) -> Standing:
    return Standing(sendings(seed)[:came])
