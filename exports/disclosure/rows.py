"""The rows of a protected table, and the key under which each count in them is known.

A key reads population, period, what the table is within, measure, and a `column=value` for each
dimension that the row does not total: the same count in two tables has the same key.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from exports.disclosure.declaration import PLACEHOLDER, Counted, Disclosure
from exports.disclosure.figures import Key


class DisclosureError(ValueError):
    """A table of people is not as its definition says; the message says what to mend."""


@dataclass(frozen=True)
class Row:
    """A row as it is published (`texts`) and as it truly is (`values`), by column.

    `at` is its place in the table. A row of an earlier release has no values.
    """

    at: int
    texts: Mapping[str, str]
    values: Mapping[str, object]


@dataclass(frozen=True)
class Spot:
    """Where a row's counts stand: all of the key but the measure."""

    start: Key
    dimensions: tuple[tuple[str, str], ...]

    def key(self, measure: str) -> Key:
        """The key of that measure here."""
        return (*self.start, measure, *(f"{name}={value}" for name, value in self.dimensions))

    def over(self, columns: Sequence[str]) -> "Spot":
        """The spot that totals those dimensions."""
        kept = tuple(one for one in self.dimensions if one[0] not in columns)
        return Spot(self.start, kept)

    def at(self, column: str, value: str) -> "Spot":
        """The spot with another value of that dimension."""
        others = [one for one in self.dimensions if one[0] != column]
        return Spot(self.start, tuple(sorted([*others, (column, value)])))


def rows_about_people(rule: Disclosure, rows: Sequence[Row]) -> Iterator[Row]:
    """The rows that the rule is about."""
    for row in rows:
        if all(row.texts.get(column) in values for column, values in rule.only.items()):
            yield row


def spot_of(rule: Disclosure, row: Row) -> Spot:
    """Where the row's counts stand."""
    texts = row.texts
    start = (rule.population, texts[rule.period], *(f"{c}={texts[c]}" for c in rule.within))
    dimensions = [
        (one.column, texts[one.column]) for one in rule.dimensions if texts[one.column] != one.total
    ]
    return Spot(start, tuple(sorted(dimensions)))


def measure_of(counted: Counted, row: Row) -> str:
    """What the column counts in this row."""
    told = counted.measure or counted.column
    return PLACEHOLDER.sub(lambda found: row.texts[found[1]], told)


def measures_of(rule: Disclosure, row: Row) -> dict[str, str]:
    """What each counted column counts in this row."""
    return {one.column: measure_of(one, row) for one in rule.counts}
