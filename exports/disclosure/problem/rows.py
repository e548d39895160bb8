"""The rows of a protected table, and the key under which each count in them is known.

A key reads population, period, what the table is within, measure, and a `column=value` for each
dimension that the row does not total: the same count in two tables has the same key.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from exports.definitions.disclosure import PLACEHOLDER, Counted, Disclosure
from exports.disclosure.figures import FigureKey
from flows.common.errors import SocialValueError


class DisclosureError(SocialValueError):
    """A table of people is not as its definition says; the message says what to mend."""


@dataclass(frozen=True)
class PeopleRow:
    """A row as it is published (`texts`) and as it truly is (`values`), by column.

    `at` is its place in the table. A row of an earlier release has no values.
    """

    at: int
    texts: Mapping[str, str]
    values: Mapping[str, object]

    def says(self, column: str | None) -> bool:
        """Whether a true/false column, if there is one, says yes of the row."""
        return column is not None and self.values.get(column) is True


class Cut(NamedTuple):
    """One value of a dimension: what it is called in keys, the value, and the column it is in."""

    name: str
    value: str
    column: str


@dataclass(frozen=True)
class Spot:
    """Where a row's counts stand: all of the key but the measure."""

    start: FigureKey
    cuts: tuple["Cut", ...]

    def key(self, measure: str) -> FigureKey:
        """The key of that measure here."""
        return (*self.start, measure, *(f"{cut.name}={cut.value}" for cut in self.cuts))

    def cut(self, column: str) -> "Cut | None":
        """How the people here are cut by that column; None where all are together."""
        return next((cut for cut in self.cuts if cut.column == column), None)

    def over(self, columns: Sequence[str]) -> "Spot":
        """The spot that totals those dimensions."""
        return Spot(self.start, tuple(cut for cut in self.cuts if cut.column not in columns))

    def at(self, cut: "Cut", value: str) -> "Spot":
        """The spot with another value of that cut."""
        others = [one for one in self.cuts if one != cut]
        return Spot(self.start, tuple(sorted([*others, cut._replace(value=value)])))


def rows_about_people(rule: Disclosure, rows: Sequence[PeopleRow]) -> Iterator[PeopleRow]:
    """The rows that the rule is about."""
    for row in rows:
        if all(row.texts.get(column) in values for column, values in rule.only.items()):
            yield row


def spot_of(rule: Disclosure, row: PeopleRow) -> Spot:
    """Where the row's counts stand."""
    texts = row.texts
    start = (rule.population, texts[rule.period], *(f"{c}={texts[c]}" for c in rule.within))
    cuts = [
        Cut(texts[one.named_by] if one.named_by else one.column, texts[one.column], one.column)
        for one in rule.dimensions
        if texts[one.column] != one.total
    ]
    return Spot(start, tuple(sorted(cuts)))


def measure_of(counted: Counted, row: PeopleRow) -> str:
    """What the column counts in this row."""
    name = counted.measure or counted.column
    return PLACEHOLDER.sub(lambda found: row.texts[found[1]], name)


def measures_of(rule: Disclosure, row: PeopleRow) -> dict[str, str]:
    """What each counted column counts in this row."""
    return {one.column: measure_of(one, row) for one in rule.counts}


def figure_in(text: str | None) -> Decimal | None:
    """The number that a cell shows; None for a symbol or no cell."""
    if text == "[low]":
        return Decimal(0)
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None
