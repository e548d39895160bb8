"""The numbers of disclosure control, as an authority sets them in `thresholds.yaml`."""

import math
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from pydantic import Field, model_validator

from exports.disclosure.figures import Interval
from flows.common.declarations import Declared, read_declared


class Thresholds(Declared):
    """From which count on people are shown, and what an attacker is taken to know."""

    threshold: int = Field(ge=2, le=30, description="a count from 1 to this less 1 is not shown")
    rounding: int = Field(ge=1, le=20, description="shown counts are rounded to this base")
    dominance_percent: int = Field(
        ge=1,
        le=100,
        description="an amount is not shown where the second largest giver could reckon the largest"
        " to within this per cent",
    )
    known_movement: int = Field(
        ge=0,
        le=5,
        description="a colleague knows who came and who left where no more than this many did, and"
        " that took a group from below the threshold to it, or back",
    )
    earlier_periods: int = Field(
        ge=0, le=40, description="how many earlier periods are put beside this one"
    )
    proof_nodes: int = Field(
        ge=1,
        le=100_000,
        description="how many branches a proof with whole numbers may take: beyond them nothing is"
        " proven, and more is hidden",
    )

    @model_validator(mode="after")
    def _nothing_rounds_to_nothing(self) -> "Thresholds":
        if self.rounding > 2 * self.threshold:
            raise ValueError("a count at the threshold would be rounded to 0: lower the rounding")
        return self

    def rounded(self, count: Decimal) -> int:
        """The count to the nearest multiple of the base, a half away from zero."""
        steps = (count / self.rounding).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return int(steps) * self.rounding

    def is_small(self, count: Decimal) -> bool:
        """Whether the count is one to protect: above 0 and below the threshold."""
        return 0 < count < self.threshold

    def interval_of(self, published: int, whole: bool = True) -> Interval:
        """What a shown count tells of the true one; `whole` if it counts whole people."""
        if published == 0:
            return Interval(0, 0)
        low, high = published - self.rounding / 2, published + self.rounding / 2
        if whole:
            low, high = math.ceil(low), math.ceil(high) - 1
        return Interval(max(low, self.threshold), high)


def read_thresholds(path: Path) -> Thresholds:
    """The thresholds in the file. Raises DeclarationError."""
    return read_declared(path, Thresholds)
