"""What is assumed to value a delivery and to say how much of it is additional.

The same as the seeds `additionality_sets`, `proxies`, `measure_proxies`, `deflators` and
`monetisation_parameters` say to the models; a test holds them together. Sources and licences stand
there.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tests.oracle.truth.value.agreements import rounded

ESTIMATES = ("low", "central", "high")
PENNY = Decimal("0.01")
# By measure: deadweight, leakage, displacement and substitution of the three estimates.
_SHORT_FORM = {
    "M01": ("0.35 0.20 0.40 0.05", "0.20 0.10 0.15 0", "0.10 0.05 0.10 0"),
    "M02": ("0.35 0.20 0.40 0.05", "0.20 0.10 0.25 0", "0.10 0.05 0.10 0"),
    "M03": ("0.35 0.20 0.40 0.05", "0.15 0.075 0.15 0", "0.10 0.05 0.10 0"),
    "M12": ("0.40 0 0 0", "0.20 0 0 0", "0.10 0 0 0"),
    "M13": ("0.50 0 0 0", "0.25 0 0 0", "0.10 0 0 0"),  # as all that is environmental
    "M19": ("0.50 0 0 0", "0.25 0 0 0", "0.10 0 0 0"),
}
# Deadweight; leakage, displacement, substitution, multiplier; the same of the reference case.
_EQUATION = {
    "M20": (
        "0.40 0.25 0.45 0.05 1 0.20 0.40 0.05 1",
        "0.275 0.175 0.375 0 1.10 0.15 0.30 0 1.05",
        "0.15 0.10 0.25 0 1.20 0.10 0.25 0 1.10",
    )
}
DEFLATORS = {
    2012: Decimal("71.9294"),
    2021: Decimal("85.6358"),
    2022: Decimal("90.5005"),
    2023: Decimal("96.2507"),
}
PRICE_YEAR = 2022


@dataclass(frozen=True)
class Proxy:
    """GBP of a unit of a measure, for what is delivered in some calendar year (None: in any)."""

    measure_id: str
    kind: str
    values: tuple[Decimal, ...]  # low, central, high; or one for all
    price_year: int
    year: int | None = None
    units: Decimal = Decimal(1)

    def unit_value(self, estimate: str) -> Decimal | None:
        """In prices of the published year; None where only a central value is given."""
        if len(self.values) == 1 and estimate != "central":
            return None
        value = self.values[ESTIMATES.index(estimate)] if len(self.values) > 1 else self.values[0]
        return rounded(value * self.units * DEFLATORS[PRICE_YEAR] / DEFLATORS[self.price_year])

    def holds_on(self, day: date) -> bool:
        """Whether it values what is delivered by that day."""
        return self.year in (None, day.year)


def _numbers(text: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, text.split()))


PROXIES = (
    Proxy("M12", "carbon", _numbers("128.52 257.05 385.57"), 2022, 2021),
    Proxy("M12", "carbon", _numbers("130.48 260.96 391.44"), 2022, 2022),
    Proxy("M12", "carbon", _numbers("132.47 264.93 397.40"), 2022, 2023),
    Proxy("M11", "in kind", _numbers("1"), 2021, 2021),
    Proxy("M11", "in kind", _numbers("1"), 2022, 2022),
    Proxy("M11", "in kind", _numbers("1"), 2023, 2023),
    Proxy("M02", "fiscal", _numbers("9234"), 2012, units=Decimal("0.25")),
    Proxy("M02", "fiscal", _numbers("566"), 2012, units=Decimal("0.25")),
)


def additional_share(measure_id: str, estimate: str) -> Decimal | None:
    """What of a gross quantity would not have come about anyway; None where nothing is assumed.

    The short form or the equation of the HCA Additionality Guide, 4th edition.
    """
    nth = ESTIMATES.index(estimate)
    if measure_id in _SHORT_FORM:
        share = Decimal(1)
        for rate in _numbers(_SHORT_FORM[measure_id][nth]):
            share *= 1 - rate
        return share
    if measure_id in _EQUATION:
        deadweight, *rates = _numbers(_EQUATION[measure_id][nth])
        return _kept(*rates[:4]) - deadweight * _kept(*rates[4:])
    return None


def to_the_penny(amount: Decimal) -> Decimal:
    """Half away from nought."""
    return amount.quantize(PENNY, ROUND_HALF_UP)


def _kept(leakage: Decimal, displacement: Decimal, substitution: Decimal, more: Decimal) -> Decimal:
    return (1 - leakage) * (1 - displacement) * (1 - substitution) * more
