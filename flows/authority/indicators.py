"""Indicators over columns of a return or a model: the model behind `indicators/*.yaml`.

What is declared becomes a model of contributions, by one macro of dbt. A rule that no column can
say is a model that somebody writes (docs/modelling.md).
"""

import re
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from flows.authority.registered import Better, Dated, OverTime, Registered, Rule
from flows.common.declarations import Declared, read_folder

_NAME = r"^[a-z][a-z0-9_]*$"
PEOPLE = "ppl_"


class Figure(Dated):
    """One figure of an indicator, a basis: what a row adds above and below the line, as SQL."""

    basis: str = Field(pattern=r"^[a-z0-9][a-z0-9 -]*$")
    numerator: str = Field(default="1", description="what a row adds; left out: each row is one")
    denominator: str | None = Field(
        default=None, description="what a row adds below the line of a ratio or a mean"
    )
    where: str = Field(default="true", description="which rows count")
    title: str = ""
    unit: str = Field(default="", description="here and below: where it is not its indicator's")
    rule: Rule | None = None
    over_time: OverTime | None = None
    later_months: int | None = None
    better: Better | None = None
    definition: str = ""


class Example(Declared):
    """Rows that are read, and what they add: dbt holds the formulas to it."""

    name: str = Field(pattern=_NAME)
    says: str = Field(description="what it shows, in a sentence")
    given: list[dict[str, Any]] = Field(min_length=1)
    expect: list[dict[str, Any]]


class Indicators(Declared):
    """Indicators over the rows of one return or model."""

    name: str = Field(pattern=_NAME)
    reads: str = Field(pattern=_NAME, description="a return's table, or a model of dbt")
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="columns that the rows have under another name, or as SQL: {period: quarter}",
    )
    breakdowns: list[str] = Field(
        default_factory=list, description="the columns that the figures can be broken down by"
    )
    keeps: list[str] = Field(
        default_factory=list, description="columns that name a row beside its return, sheet and row"
    )
    where: str = Field(default="true", description="which rows count in any of them, as SQL")
    series: str | None = Field(
        default=None, description="of a level: whose rows follow each other, as SQL (sender)"
    )
    person: str | None = Field(
        default=None, description="who a row is about, as SQL, where people are counted once"
    )
    amount: str | None = Field(default=None, description="what a gap is of, as SQL: pay, say")
    indicators: dict[str, list[Figure]] = Field(
        min_length=1, description="the figures of each indicator, by its number"
    )
    registry: dict[str, Registered] = Field(
        default_factory=dict,
        description="what the registry says of an indicator, where its seeds do not",
    )
    examples: list[Example] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_agree(self) -> "Indicators":
        for indicator, figures in self.indicators.items():
            if not re.fullmatch(r"[A-Z][A-Z0-9]*", indicator):
                raise ValueError(f"{indicator}: an indicator's number is of capitals and digits")
            named = [figure.basis for figure in figures]
            if twice := sorted({one for one in named if named.count(one) > 1}):
                raise ValueError(f"{indicator}: two figures are called {', '.join(twice)}")
        if unknown := sorted(self.registry.keys() - self.indicators.keys()):
            raise ValueError(f"registry: {', '.join(unknown)} has no figures")
        for number, told in self.registry.items():
            if not all(one.title and one.definition for one in self.indicators[number]):
                raise ValueError(f"{number}: of each figure the registry has title and definition")
            parts = {word for one in told.broken_down_by for word in one.split("/")}
            if unknown := sorted(parts - set(self.breakdowns)):
                raise ValueError(f"registry: {number}: no breakdown is called {', '.join(unknown)}")
        if (self.person or self.amount) and not self.of_people:
            raise ValueError("only of rows about people are there persons and amounts")
        return self

    @property
    def of_people(self) -> bool:
        """Whether a row is about a person: then analysts never get it."""
        return self.reads.startswith(PEOPLE)


def read_indicators(folder: Path) -> list[Indicators]:
    """Every declaration of indicators in `folder`, by name. Raises DeclarationError."""
    return read_folder(folder, Indicators)
