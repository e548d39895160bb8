"""By which named rule a published cell can be followed further, as its table's file declares."""

import re
from typing import Literal

from pydantic import Field, model_validator

from flows.common.declarations import Declared

LineageRule = Literal[
    "names the row",  # it says what the row is about; nothing is reckoned
    "the release",  # a fact of the release, in its manifest
    "value of an indicator",  # a value, which is made of contributions
    "sum of values",  # values of months, added up
    "rows",  # rows of returns, counted or added up
    "registry of returns",  # what the ledger says of returns
    "checks of returns",  # what the ledger says of their checks
    "figure of figures",  # made of values, targets and coverage, which its model names
    "seed",  # a row that people edit
    "other cells",  # cells of the same row or of another table
]
NOTHING_FURTHER: tuple[LineageRule, ...] = ("names the row", "the release")
_BINDING = re.compile(r"\{([a-z_]+)\}")


class Lineage(Declared):
    """How to have a cell's unrounded value again from what it is made of.

    `{name}` in the SQL stands for the row's own value of that column;
    `{months}` for the months of the row's period up to the report's end, `{within}` for every
    period that is reported with the report's own, `{before}` for the report's period a year before,
    `{as_of}` for the moment of the figures.
    """

    rule: LineageRule
    of: str | None = Field(
        default=None,
        pattern=r"^(marts|seeds|publication)\.[a-z][a-z0-9_]*$",
        description="the relation whose rows it is made of; none: of cells of its own row",
    )
    value: str | None = Field(default=None, description="SQL that gives the value from those rows")
    where: str | None = Field(default=None, description="SQL: which of those rows")

    @model_validator(mode="after")
    def _says_enough(self) -> "Lineage":
        if self.rule in NOTHING_FURTHER:
            if self.of or self.value or self.where:
                raise ValueError(f"{self.rule}: nothing is to be said besides")
        elif not self.value:
            raise ValueError("value: say how the value is had again")
        if (self.where is None) != (self.of is None):
            raise ValueError("of and where: say both, or neither")
        return self

    @property
    def asks(self) -> set[str]:
        """The names in curly brackets."""
        return names_in(f"{self.value} {self.where}")

    def sql(self, what: str) -> str:
        """`select WHAT` of the rows that it is made of, with named parameters."""
        text = f"select {what}"
        if self.of:
            text += f" from {self.of} where {self.where}"
        return with_parameters(text)


def names_in(sql: str) -> set[str]:
    """The names in curly brackets."""
    return set(_BINDING.findall(sql))


def with_parameters(sql: str) -> str:
    """The SQL with a named parameter for each name in curly brackets."""
    return _BINDING.sub(r"$\1", sql)
