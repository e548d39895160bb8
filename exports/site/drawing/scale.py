"""The scale of a chart: round ticks around all of its figures, their words in one style."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
_FROM_NOUGHT = Decimal("0.4")  # a scale begins at nought if the least figure is as small a part
# of the largest figure: a scale shows no less, lest a point look a cliff
_LEAST_ROOM = Decimal("0.1")


@dataclass(frozen=True)
class Scale:
    """The ticks of an axis, with their words, the lowest first."""

    ticks: Sequence[tuple[Decimal, str]]

    @property
    def starts_at_nought(self) -> bool:
        """Whether a length on it stands for a figure."""
        return self.ticks[0][0] == 0

    def height(self, value: Decimal, plot: int) -> float:
        """Where a value stands, in pixels above the lowest tick."""
        low, high = self.ticks[0][0], self.ticks[-1][0]
        return float((value - low) / (high - low)) * plot


def scale_of(values: Sequence[Decimal], unit: str, at_most: int = 5) -> Scale:
    """Ticks at round figures, around all the values."""
    low, high = min(values), max(values)
    if 0 <= low <= high * _FROM_NOUGHT:
        low = Decimal(0)
    low, high = _with_room(low, high, Decimal(100) if unit == "per cent" else None)
    room = (high - low) or Decimal(1)
    finest = Decimal(1) if all(one == one.to_integral_value() for one in values) else Decimal(0)
    for step in _round_steps(max(room / at_most, finest)):
        first, last = (low / step).__floor__(), -((-high / step).__floor__())
        last = max(last, first + 1)
        if last - first <= at_most:
            return Scale(_ticks([step * n for n in range(first, last + 1)], unit))
    raise AssertionError("a larger step always fits")


def _with_room(low: Decimal, high: Decimal, most: Decimal | None) -> tuple[Decimal, Decimal]:
    """The ends of a scale that is no narrower than a tenth of its largest figure, and does not
    pass nought or `most` where no figure does."""
    lacking = _LEAST_ROOM * max(abs(low), abs(high)) - (high - low)
    if lacking <= 0:
        return low, high
    below, above = low - lacking / 2, high + lacking / 2
    return (
        max(below, Decimal(0)) if low >= 0 else below,
        min(above, most) if most is not None and high <= most else above,
    )


def _round_steps(least: Decimal) -> list[Decimal]:
    power = Decimal(1).scaleb(least.adjusted())
    return [
        step * power * tens for tens in (1, 10) for step in _STEPS if step * power * tens >= least
    ]


def _ticks(values: Sequence[Decimal], unit: str) -> list[tuple[Decimal, str]]:
    """Ticks in few letters, all in one style: `£10m`, `60%`, `1,500`."""
    most, size, letter = max(map(abs, values)), Decimal(1), ""
    for large, least, word in ((1_000_000, 1, "m"), (1_000, 10, "k")):
        if most >= least * large and not any(one % (large // 10) for one in values):
            size, letter = Decimal(large), word
            break
    before, after = ("£" if unit.startswith("GBP") else ""), ("%" if unit == "per cent" else "")
    ticks = []
    for value in values:
        text = f"{abs(value) / size:,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        of = letter if value else ""
        ticks.append((value, f"{'-' if value < 0 else ''}{before}{text}{of}{after}"))
    return ticks
