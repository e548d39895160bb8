"""The quarters that are known until a release, for its figures to be followed through them.

A figure that counts nobody is taken as the models know it today, corrections included. A figure of
people is taken as the newest release of each quarter gave it: what is protected there needs no
further protection, and no row is read for it.
"""

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from exports.definitions.table import SYMBOLS, TableDefinition
from exports.edition.manifest import MANIFEST, read_manifest
from exports.figures.selection import Selection
from flows.common.periods import Period, PeriodError, read_period

QUARTERLY = "quarterly"
DEFINITIONS = "definitions"  # the table that says since when a figure is what it is
NONE = SYMBOLS["not applicable"]
Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class KnownQuarter:
    """A quarter's rows as text, by table; `release` is the path of its release, '' of this one, or
    where there is none; `as_of` is the day that it is as of."""

    period: Period
    release: str
    tables: Mapping[str, Rows]
    as_of: date | None = None


@dataclass(frozen=True, order=True)
class Break:
    """The first day of another definition of a figure, and what is counted otherwise since."""

    first_day: date
    what_changed: str


@dataclass(frozen=True)
class History:
    """The known quarters, the oldest first, and the tables that are followed through them."""

    quarters: Sequence[KnownQuarter] = ()
    tables: Sequence[TableDefinition] = ()

    def breaks(self, indicator: str, basis: str) -> list[Break]:
        """Where what an indicator's figure counts became another thing, the oldest first.

        Of a line that is not called as any figure is, those of all its figures.
        """
        rows = [
            row
            for quarter in self.quarters
            for row in quarter.tables.get(DEFINITIONS, ())
            if row["indicator_id"] == indicator
        ]
        own = [row for row in rows if row["basis"] == basis] or rows
        found = {
            Break(date.fromisoformat(since), row["what_changed"])
            for row in own
            if (since := row.get("definition_since", NONE)) != NONE
        }
        return sorted(found)


def read_history(
    published: Path,
    before: date,
    tables: Sequence[TableDefinition],
    known: Mapping[str, Sequence[Selection]],
    own: Sequence[Selection] = (),
) -> History:
    """Every quarter that ends by the day `before`, and the one that the selections `own` are of.

    `known` are the rows of the models by quarter, for the tables of no people.
    """
    followed = [table for table in tables if table.over_time]
    protected = [table.name for table in followed if table.disclosure]
    found: dict[Period, KnownQuarter] = {}
    for label, selections in known.items():
        if (period := read_period(label)).end <= before:
            found[period] = KnownQuarter(period, "", _rows(selections))
    for folder in sorted((published / QUARTERLY).glob("*")):
        newest, of = _newest(folder), _period(folder.name)
        if newest and of and of.end <= before:
            rows = {**(found[of].tables if of in found else {}), **_read(newest, protected)}
            name = newest.relative_to(published).as_posix()
            as_of = datetime.fromisoformat(read_manifest(newest).as_of).date()
            found[of] = KnownQuarter(of, name, rows, as_of)
    quarters = list(found.values())
    if own:
        names = {DEFINITIONS, *(table.name for table in followed)}
        quarters.append(
            KnownQuarter(_own_period(own), "", _rows(o for o in own if o.table.name in names))
        )
    return History(sorted(quarters, key=lambda one: one.period.first_day), followed)


def _rows(selections: Iterable[Selection]) -> dict[str, Rows]:
    return {one.table.name: one.texts_by_column for one in selections}


def _newest(folder: Path) -> Path | None:
    found = [path for path in folder.glob("r*") if path.name[1:].isdigit()]
    newest = max(found, key=lambda path: int(path.name[1:]), default=None)
    return newest if newest and (newest / MANIFEST).is_file() else None


def _period(slug: str) -> Period | None:
    """The quarter of a folder called `2022-23-Q1`."""
    year, _, quarter = slug.rpartition("-")
    try:
        return read_period(f"{year} {quarter}")
    except PeriodError:
        return None


def _own_period(own: Sequence[Selection]) -> Period:
    return read_period(next(cell.text for one in own for cell in one.column("quarter")))


def _read(release: Path, names: Collection[str]) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for name in names:
        path = release / "tables" / f"{name}.csv"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as lines:
                found[name] = list(csv.DictReader(lines))
    return found
