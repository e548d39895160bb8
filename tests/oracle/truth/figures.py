"""Figures of indicators: numerator, denominator and value, by period and breakdown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from flows.demo.made.authority.periods import HALVES, MONTHS, QUARTERS, YEARS, months_of

SIX_DECIMALS = Decimal("0.000001")
PERIODS = (*MONTHS, *QUARTERS, *HALVES, *YEARS)
NOTHING = Decimal(0)


@dataclass(frozen=True, order=True)
class Key:
    """Which figure: indicator, basis, period; of a part, by which breakdown and its value."""

    indicator: str
    basis: str
    period: str
    breakdown: str = ""
    breakdown_value: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure, unrounded above and below the line; `value` has six decimals, or is None.

    `rule` is how the value comes of the two: per cent and mean (both divide), gap (by how much the
    numerator is short of the denominator, in per cent of it), or sum and count (where there is
    nothing below the line and `denominator` is None).
    """

    numerator: Decimal
    denominator: Decimal | None
    rule: str

    @property
    def value(self) -> Decimal | None:
        """What is published, before anybody rounds it to be read."""
        if self.denominator is None:
            return rounded(self.numerator)
        if self.denominator <= 0:
            return None
        above = self.denominator - self.numerator if self.rule == "gap" else self.numerator
        return rounded((above if self.rule == "mean" else 100 * above) / self.denominator)


Figures = Mapping[Key, Figure]


class Tally:
    """Adds up what rows give to a figure, month by month, and sums months to longer periods."""

    def __init__(self, indicator: str, basis: str, rule: str = "per cent") -> None:
        self._indicator, self._basis, self._rule = indicator, basis, rule
        self._above: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        self._below: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)

    def add(
        self,
        month: str,
        numerator: Decimal | int,
        denominator: Decimal | int,
        parts: Mapping[str, str] | None = None,
    ) -> None:
        """Count a row in its month, whole and in each of its parts (breakdown: value)."""
        for breakdown, value in (("", ""), *(parts or {}).items()):
            self._above[month, breakdown, value] += numerator
            self._below[month, breakdown, value] += denominator

    def figures(self) -> Iterator[tuple[Key, Figure]]:
        """Every figure of a period that any row speaks of."""
        parts = {(breakdown, value) for _, breakdown, value in self._below}
        for breakdown, value in sorted(parts):
            for period in PERIODS:
                keys = [(month, breakdown, value) for month in months_of(period)]
                if any(key in self._below for key in keys):
                    yield (
                        Key(self._indicator, self._basis, period, breakdown, value),
                        self._of(keys),
                    )

    def _of(self, keys: list[tuple[str, str, str]]) -> Figure:
        above = sum((self._above.get(key, NOTHING) for key in keys), NOTHING)
        below = sum((self._below.get(key, NOTHING) for key in keys), NOTHING)
        return Figure(above, None if self._rule in ("sum", "count") else below, self._rule)


def rounded(number: Decimal) -> Decimal:
    """To six decimals, halves away from nought."""
    return number.quantize(SIX_DECIMALS, ROUND_HALF_UP)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` in a hundred of `whole`, to six decimals; None where the whole is not above zero."""
    return rounded(100 * part / whole) if whole > 0 else None
