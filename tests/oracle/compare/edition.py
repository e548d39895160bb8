"""A release as the truth sees it: which publication and period, and what was known by then."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from flows.demo.made.deliveries import WHOLE, Scope
from tests.oracle.compare.registry import Registry
from tests.oracle.truth.figures import Figure, Key, rounded
from tests.oracle.truth.slots import Slot, received, slots
from tests.oracle.truth.truth import Truth, truth

Value = Decimal | int | str | date | bool | None
# A row as it must be: the texts of its key, and what each column of it must say.
Row = tuple[tuple[str, ...], dict[str, Value]]
Reader = Callable[["Edition"], Iterable[Row]]
OF_ALL = "of all"  # what a percentage of a row is of, where another row has it
EMPLOYERS = {
    "lcrca": "Liverpool City Region Combined Authority",
    "merseytravel": "Merseytravel",
}


@dataclass(frozen=True)
class Edition:
    """A release of the demo: its publication, its period and the moment that it speaks of."""

    publication: str
    period: str
    at: datetime
    registry: Registry
    scope: Scope = WHOLE

    @cached_property
    def truth(self) -> Truth:
        """What had come of the made-up authority's files by then."""
        return truth(at=self.at, scope=self.scope)

    @property
    def quarter(self) -> str:
        """The quarter of a quarterly report; of an Annual Review, the year's last one."""
        return self.period if " " in self.period else f"{self.period} Q4"

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Everything that was owed or had come."""
        return slots(self.truth.standing)

    def figure(
        self, indicator: str, basis: str, period: str, breakdown: str = "", value: str = ""
    ) -> Figure | None:
        """What the truth says of a figure; None where it has none."""
        key = Key(indicator, basis, period, breakdown, value)
        return self.truth.figures.get(key)

    def value(
        self, indicator: str, basis: str, period: str, breakdown: str = "", value: str = ""
    ) -> Decimal | None:
        """The figure's value; None where there is none."""
        found = self.figure(indicator, basis, period, breakdown, value)
        return found.value if found else None

    def received(self, return_name: str, period: str) -> tuple[int, int]:
        """How many of the returns that are owed for a period stood, and how many are owed."""
        return received(self.slots, return_name, period)

    def counts(self, return_name: str, period: str) -> dict[str, Value]:
        """The same, by the names of the columns that say it."""
        here, owed = self.received(return_name, period)
        return {"n_reporting": here, "n_expected": owed}


def share_of(part: int, whole: int) -> Decimal | None:
    """So much of the whole, to six decimals as the models keep shares; None of nothing."""
    return rounded(Decimal(part) / whole) if whole else None
