"""What a table's definition says of the people counted in it: the block `disclosure`."""

import re
from typing import Literal

from pydantic import Field, model_validator

from flows.common.declarations import Declared

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


REQUIRED = Field(
    default=None,
    description="of a statutory column: the true/false column that says of which rows the law"
    " requires it without exemption. There it is shown, whatever the counts behind it",
)


class PeopleDimension(Declared):
    """A column whose values part the people counted."""

    column: str
    total: str | None = Field(default=None, description="the value of the rows that hold all")
    named_by: str | None = Field(
        default=None,
        description="the column that says what the value is of, where a table lists sexes, then"
        " grades: the values of each add up by themselves",
    )
    parents: dict[str, str] = Field(
        default_factory=dict, description="a value, and the value that it is a part of"
    )
    overlap: bool = Field(
        default=False, description="one person can have several values, so that they do not add up"
    )
    sensitive: list[str] = Field(
        default_factory=list,
        description="values of which it must not be told that all of a group, or none, have them",
    )


class Counted(Declared):
    """A column that counts people; of the model, if the table does not publish it."""

    column: str
    measure: str | None = Field(
        default=None,
        description="what is counted, if not the column's name; the same measure in two tables of a"
        " population is the same count. {column} stands for the row's text in that column",
    )
    whole: bool = Field(default=True, description="false for full-time equivalents")


class Percentage(Declared):
    """A column that is a percentage of one count in another, as both are shown.

    A statutory one is of the true counts.
    """

    column: str
    numerator: str = Field(description="a counted column")
    denominator: str = Field(description="a counted column")
    over: list[str] = Field(
        default_factory=list, description="dimensions whose total the denominator is taken from"
    )
    sensitive: bool = Field(default=False, description="0 % or 100 % of a group must not be told")
    statutory: bool = Field(
        default=False,
        description="the law asks for it: hidden only where a count behind it is small",
    )
    required: str | None = REQUIRED


class Amount(Declared):
    """A column that adds up amounts of people, such as hours; the model names the largest two."""

    column: str
    largest: str
    second_largest: str
    people: str | None = Field(default=None, description="the counted column of its givers")


class Statistic(Declared):
    """A column worked out from people that does not add up, such as a mean."""

    column: str
    people: list[str] = Field(min_length=1, description="counted columns it rests on")
    statutory: bool = False
    required: str | None = REQUIRED
    missing_is_hidden: bool = Field(
        default=False,
        description="the model keeps a value back where too few people stand behind it",
    )


class Rate(Declared):
    """A column that is an amount, published in another, for each of the people counted."""

    column: str
    amount: str
    people: str = Field(description="a counted column")


class Ratio(Declared):
    """A percentage that is worked out from two columns of its row as they are shown."""

    column: str
    numerator: str
    denominator: str


class MeasureSum(Declared):
    """A measure of a population that is the sum of others, or, of one, the same count."""

    total: str
    parts: list[str] = Field(min_length=1)


class Growth(Declared):
    """A measure of everyone so far, and that of those of a period, each counted once.

    The same in every table of the population.
    """

    to_date: str
    in_period: str


class Disclosure(Declared):
    """How the people counted in a table are protected."""

    rule: Literal["people"]
    population: str = Field(description="tables of one population are protected together")
    period: str = Field(default="quarter", description="the column that names each row's period")
    over_time: Literal["stock", "flow"] = Field(
        default="stock", description="people on a day, or people over a period, which adds up"
    )
    within: list[str] = Field(
        default_factory=list, description="columns that part tables which do not add up together"
    )
    only: dict[str, list[str]] = Field(
        default_factory=dict,
        description="columns, and the values of the rows that are about people",
    )
    dimensions: list[PeopleDimension] = Field(
        default_factory=list, max_length=2, description="at most two: tables of people are two-way"
    )
    counts: list[Counted] = Field(default_factory=list)
    row_counts: list[str] = Field(
        default_factory=list,
        description="columns that count rows of returns which list people: hidden, but for 0",
    )
    adds_up: dict[str, list[str]] = Field(
        default_factory=dict,
        description="a counted column, and the ones of its row it is the sum of",
    )
    holds: dict[str, list[str]] = Field(
        default_factory=dict,
        description="a counted column, and the ones of its row that count some of the same people",
    )
    grows: list[Growth] = Field(
        default_factory=list, description="measures of people so far, and in the period"
    )
    measures_add_up: list[MeasureSum] = Field(
        default_factory=list, description="true wherever all of the measures are counted"
    )
    measures_hold: dict[str, list[str]] = Field(
        default_factory=dict,
        description="a measure of the population, and those that are never more than it",
    )
    complements: dict[str, list[str]] = Field(
        default_factory=dict,
        description="a measure of the population, and those whose complement in it is protected as"
        " a count of its own, though no table shows it",
    )
    openings: dict[str, str] = Field(
        default_factory=dict,
        description="a measure, and the one that it is as at the end of the period before",
    )
    percentages: list[Percentage] = Field(default_factory=list)
    rates: list[Rate] = Field(default_factory=list)
    amounts: list[Amount] = Field(default_factory=list)
    statistics: list[Statistic] = Field(default_factory=list)
    ratios: list[Ratio] = Field(
        default_factory=list,
        description="percentages of statistics of people, which tell no more than these do",
    )

    @model_validator(mode="after")
    def _names_agree(self) -> "Disclosure":
        if not self.counts and not self.row_counts:
            raise ValueError("it says of no column that it counts people")
        counted = {one.column for one in self.counts}
        used = [*self.adds_up, *(part for parts in self.adds_up.values() for part in parts)]
        used += [*self.holds, *(part for parts in self.holds.values() for part in parts)]
        for share in self.percentages:
            used += [share.numerator, share.denominator]
        hidden_with_people = {one.column for one in self.statistics}
        if free := sorted({one.column for one in self.ratios} - hidden_with_people):
            raise ValueError(f"not a statistic of people: {', '.join(free)}")
        for asked in self._asked_for:
            if asked.required and not asked.statutory:
                raise ValueError(f"{asked.column}: only what is statutory is required by law")
        for one in self.statistics:
            used += one.people
        used += [one.people for one in self.rates]
        used += [one.people for one in self.amounts if one.people]
        if unknown := sorted(set(used) - counted):
            raise ValueError(f"not a counted column: {', '.join(unknown)}")
        totals = {one.column for one in self.dimensions}
        for share in self.percentages:
            if lost := sorted(set(share.over) - totals):
                raise ValueError(f"{share.column} is over {', '.join(lost)}, which is no dimension")
        return self

    @property
    def hides_zeros(self) -> bool:
        """Whether a 0 may be hidden, because it would tell something of everyone in a group."""
        return any(one.sensitive for one in self.dimensions) or any(
            one.sensitive for one in self.percentages
        )

    @property
    def protected(self) -> set[str]:
        """The columns whose cells may be hidden, if the table publishes them."""
        columns = {one.column for one in self.counts} | {one.column for one in self.amounts}
        columns |= {one.column for one in self.percentages}
        columns |= {*self.row_counts, *(one.column for one in self.rates)}
        return columns | {one.column for one in self.statistics}

    @property
    def statutory(self) -> set[str]:
        """The columns that the law asks for."""
        columns = {one.column for one in self.percentages if one.statutory}
        return columns | {one.column for one in self.statistics if one.statutory}

    @property
    def required(self) -> set[str]:
        """The columns that say of which rows the law requires a figure without exemption."""
        return {one.required for one in self._asked_for if one.required}

    @property
    def _asked_for(self) -> list[Percentage | Statistic]:
        return [*self.percentages, *self.statistics]

    @property
    def keying(self) -> set[str]:
        """The columns whose texts say whom a row counts, and what."""
        named = {self.period, *self.within, *self.only, *(one.column for one in self.dimensions)}
        named |= {one.named_by for one in self.dimensions if one.named_by}
        for counted in self.counts:
            named |= set(PLACEHOLDER.findall(counted.measure or ""))
        return named

    @property
    def read(self) -> set[str]:
        """Every column that the rule reads, published or not."""
        largest = {name for one in self.amounts for name in (one.largest, one.second_largest)}
        return self.keying | self.protected | largest | self.required
