"""What a release is made from: the period's rows, and what earlier releases told of people."""

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from exports.definitions.table import TableDefinition, every_table, read_tables
from exports.disclosure.problem.past import PastTable
from exports.disclosure.thresholds import Thresholds
from exports.edition.clearance import read_blocks
from exports.edition.facts import Block, ReleaseFacts
from exports.edition.history import DEFINITIONS, QUARTERLY
from exports.edition.manifest import read_manifest
from exports.figures.selection import Selection, periods_with_rows, select
from flows.common.errors import Refused
from flows.common.periods import Period, quarters_of, read_period


class NothingToPublish(Refused):
    """There are no rows for the period; the message says for which there are."""

    notice = "there is nothing to publish for the period."


@dataclass(frozen=True)
class Reading:
    """The period's tables as the models hold them, and what stands against publishing them.

    `past` are tables of people in earlier releases; `elsewhere` are the rows of today's models for
    the periods that those were about. `known` are the rows of the quarters before by their labels,
    of the tables of no people that are followed through them.
    """

    selections: Sequence[Selection]
    blocks: Sequence[Block]
    thresholds: Thresholds
    elsewhere: Sequence[Selection]
    past: Sequence[PastTable]
    known: Mapping[str, Sequence[Selection]]


def read_rows(
    facts: ReleaseFacts, analysts: Path, published: Path, folder: Path, thresholds: Thresholds
) -> Reading:
    """Everything that a release of the period is made from.

    Raises NothingToPublish, SelectionError, DeclarationError.
    """
    period = facts.period
    tables = read_tables(facts.publication, folder)
    if not analysts.is_file():
        raise NothingToPublish("Nothing has been modelled yet: run `social-value build` first.")
    every = every_table(folder)
    of_people = {t.name: t for t in every if t.disclosure and t.disclosure.counts}
    past = _nearest(read_past(published, of_people, thresholds), period, thresholds)
    # One connection for all: it keeps to one file, even if a new one is swapped in meanwhile.
    with duckdb.connect(str(analysts), read_only=True) as connection:
        quarters = periods_with_rows(connection, every, "quarter")
        held = periods_with_rows(connection, tables, period.kind)
        if period.label not in held:
            held_for = (
                f"there are rows for {', '.join(held)}" if held else f"no {period.kind} has any"
            )
            raise NothingToPublish(f"There is nothing to publish for {period.label}: {held_for}.")
        here = {(table.name, _column_value(table, period, quarters)) for table in tables}
        there = {
            (one.name, _column_value(of_people[one.name], one.about, quarters)) for one in past
        }
        followed = [
            table
            for table in every
            if (table.over_time or table.name == DEFINITIONS)
            and not table.disclosure
            and QUARTERLY in table.publications
        ]
        found = [
            select(connection, table, _column_value(table, period, quarters)) for table in tables
        ]
        return Reading(
            selections=[one for one in found if one.rows or not one.table.only_with_rows],
            blocks=read_blocks(connection, [one.label for one in quarters_of(period)]),
            thresholds=thresholds,
            elsewhere=[
                select(connection, of_people[name], value) for name, value in sorted(there - here)
            ],
            past=past,
            known={
                label: [select(connection, table, label) for table in followed]
                for label in quarters
                if label != period.label and read_period(label).end <= period.end
            },
        )


def _column_value(table: TableDefinition, period: Period, quarters: Sequence[str]) -> str:
    """What stands in the table's period column for a release about the period.

    A table of quarters stands in an Annual Review as at the year's last quarter with any row.
    """
    if table.period_column == period.kind:
        return period.label
    labels = [one.label for one in quarters_of(period)]
    return max([label for label in labels if label in quarters], default=labels[-1])


def _nearest(
    past: Sequence[PastTable], period: Period, thresholds: Thresholds
) -> Sequence[PastTable]:
    """The tables about the periods nearest to this one, as many as the thresholds say."""

    def distance(about: Period) -> tuple[int, Period]:
        return abs((about.end - period.end).days), about

    nearest = sorted({one.about for one in past if one.about != period}, key=distance)
    kept = {period, *nearest[: thresholds.earlier_periods]}
    return [one for one in past if one.about in kept]


_RELEASE = re.compile(r"^r[1-9]\d*$")


def read_past(published: Path, names: Collection[str], today: Thresholds) -> list[PastTable]:
    """Every table of these names in every release under `published`, in a fixed order.

    A release that does not say its thresholds is taken to have had today's. Raises ManifestError.
    """
    found = []
    for place in sorted(published.glob("*/*/r*"), key=lambda path: path.as_posix()):
        paths = [(name, place / "tables" / f"{name}.csv") for name in sorted(names)]
        if not _RELEASE.match(place.name) or not any(path.is_file() for _, path in paths):
            continue
        manifest = read_manifest(place)
        thresholds = manifest.disclosure.thresholds if manifest.disclosure else today
        release = place.relative_to(published).as_posix()
        for name, path in paths:
            if path.is_file():
                with path.open(encoding="utf-8", newline="") as lines:
                    rows = list(csv.DictReader(lines))
                found.append(PastTable(release, manifest.period, name, rows, thresholds))
    return found
