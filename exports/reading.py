"""What a release is made from: the period's rows, and what earlier releases told of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from exports.clearance import read_blocks
from exports.disclosure.past import PastTable, read_past
from exports.disclosure.thresholds import Thresholds
from exports.facts import Block, ReleaseFacts
from exports.select import Selection, quarters_with_rows, select
from exports.table import every_table, read_tables
from flows.periods import Period, read_period


class NothingToPublish(Exception):
    """There are no rows for the period; the message says for which there are."""


@dataclass(frozen=True)
class Reading:
    """The period's tables as the models hold them, and what stands against publishing them.

    `past` are tables of people in earlier releases; `elsewhere` are the rows of today's models for
    the periods that those were about.
    """

    selections: Sequence[Selection]
    blocks: Sequence[Block]
    thresholds: Thresholds
    elsewhere: Sequence[Selection]
    past: Sequence[PastTable]


def read_rows(
    facts: ReleaseFacts, analysts: Path, published: Path, folder: Path, thresholds: Thresholds
) -> Reading:
    """Everything that a release of the period is made from.

    Raises NothingToPublish, SelectionError, DeclarationError.
    """
    quarter = facts.period.label
    tables = read_tables(facts.publication, folder)
    if not analysts.is_file():
        raise NothingToPublish("Nothing has been modelled yet: run `social-value build` first.")
    of_people = {table.name: table for table in every_table(folder) if table.disclosure}
    past = _nearest(read_past(published, of_people, thresholds), facts.period, thresholds)
    # One connection for all: it keeps to one file, even if a new one is swapped in meanwhile.
    with duckdb.connect(str(analysts), read_only=True) as connection:
        held = quarters_with_rows(connection, tables)
        if quarter not in held:
            known = f"there are rows for {', '.join(held)}" if held else "no quarter has any row"
            raise NothingToPublish(f"There is nothing to publish for {quarter}: {known}.")
        here = {(table.name, quarter) for table in tables}
        there = sorted({(one.name, one.period) for one in past} - here)
        return Reading(
            selections=[select(connection, table, quarter) for table in tables],
            blocks=read_blocks(connection, quarter),
            thresholds=thresholds,
            elsewhere=[select(connection, of_people[name], period) for name, period in there],
            past=past,
        )


def _nearest(
    past: Sequence[PastTable], period: Period, thresholds: Thresholds
) -> Sequence[PastTable]:
    """The tables about the periods nearest to this one, as many as the thresholds say."""

    def distance(label: str) -> tuple[int, str]:
        return abs((read_period(label).end - period.end).days), label

    labels = sorted({one.period for one in past}, key=distance)
    others = [label for label in labels if label != period.label][: thresholds.earlier_periods]
    return [one for one in past if one.period in (*others, period.label)]
