"""From a published percentage back to the whole numbers it can have been made from."""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from exports.disclosure.figures import Interval

ANYTHING = Interval(0, math.inf)
_WIDEST = 400  # denominators: beyond this many a percentage tells nothing exact


def percent_interval(percent: Decimal, decimals: int) -> Interval:
    """What a percentage rounded to that many decimals tells of the unrounded one."""
    half = 0.5 * 10.0**-decimals
    return Interval(max(0.0, float(percent) - half), min(100.0, float(percent) + half))


def whole_slack(interval: Interval, decimals: int) -> tuple[float, float]:
    """How many people a numerator may lie beyond the ratio at each end of a percentage's interval.

    Whole numbers lie a grain from an end, or on it. The lower end itself is rounded up, to this
    percentage; the upper one to the next, unless it is 100 %.
    """
    half_a_grain = 10.0**-decimals / 400
    return half_a_grain, half_a_grain if interval.high == 100 else -half_a_grain


def readings(
    percent: Decimal, decimals: int, numerator: Interval, denominator: Interval
) -> list[tuple[int, int]]:
    """Each (numerator, denominator) in whole numbers, within the intervals, that gives `percent`.

    A half is rounded away from zero, as percentages are published. None are listed where the
    denominator is not known well enough for the list to mean anything.
    """
    if not math.isfinite(denominator.high) or denominator.high - denominator.low > _WIDEST:
        return []
    interval = percent_interval(percent, decimals)
    unit = Decimal(1).scaleb(-decimals)
    found = []
    for below in range(max(1, math.ceil(denominator.low)), math.floor(denominator.high) + 1):
        first = max(numerator.low, math.floor(interval.low * below / 100))
        last = min(numerator.high, below, math.ceil(interval.high * below / 100))
        for above in range(math.ceil(first), math.floor(last) + 1):
            exact = Decimal(100 * above) / below
            if exact.quantize(unit, rounding=ROUND_HALF_UP) == percent:
                found.append((above, below))
    return found


def boxes_of(
    pairs: Sequence[tuple[int, int]], numerator: Interval, denominator: Interval
) -> tuple[Interval, Interval]:
    """The narrowest intervals of numerator and denominator that hold every reading."""
    if not pairs:
        return numerator, denominator
    tops, bottoms = zip(*pairs, strict=True)
    return Interval(min(tops), max(tops)), Interval(min(bottoms), max(bottoms))
