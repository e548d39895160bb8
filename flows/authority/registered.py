"""What the registry says of an indicator, where its declaration carries it (indicators/*.yaml)."""

from datetime import date
from typing import Literal

from pydantic import Field

from flows.common.declarations import Declared

Rule = Literal["ratio of sums", "mean", "sum", "count", "distinct people", "mean gap", "median gap"]
OverTime = Literal["add", "latest", "opening", "closing", "own"]
Better = Literal["higher", "lower", "neither"]


class Sourced(Declared):
    """Where a row comes from, as every row of a seed says."""

    source: str = "Project's own choice"
    licence: str = "OGL v3"
    illustrative: bool = True


class Dated(Declared):
    """For which days something holds; left out: for all."""

    valid_from: date | None = None
    valid_to: date | None = None


class BrokenDown(Dated):
    """By which rule an indicator is broken down, and what a part means."""

    rule: Literal["within", "share"] = "within"
    only_of: str = ""
    meaning: str


class Target(Dated):
    """What a figure shall come to."""

    basis: str
    breakdown: str = ""
    breakdown_value: str = ""
    period_kind: Literal["quarter", "half", "year"] = "year"
    target: float
    tolerance: float
    scheme_id: str


class Registered(Sourced, Dated):
    """The indicator's row of the registry, its breakdowns, least coverage and targets."""

    title: str
    role: str
    theme: str
    unit: str
    rule: Rule
    over_time: OverTime = "add"
    better: Better
    only_by: str = ""
    counts_people: bool = False
    by_law: bool = False
    fed_by: str = Field(default="", description="the return that it rests on; else what it reads")
    also_needs: str = ""
    numerator_is: str
    denominator_is: str = "None"
    definition: str
    broken_down_by: dict[str, BrokenDown] = Field(default_factory=dict)
    minimum_coverage: float | None = Field(default=None, ge=0, le=1)
    holds_at_none: bool = False
    recorded_on: date
    targets: list[Target] = Field(default_factory=list)
