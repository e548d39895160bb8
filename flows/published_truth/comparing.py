"""Walks the tables of a release beside what the truth says of each."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from exports.cells import publish_value
from exports.disclosure.declaration import Disclosure
from exports.disclosure.thresholds import Thresholds, read_thresholds
from exports.table import CONFIDENTIAL, Column, Table, read_tables
from flows.comparison import Compared
from flows.periods import read_period
from flows.published_truth.edition import Edition, Value
from flows.published_truth.registry import Registry
from flows.published_truth.tables import OTHERWISE, READERS, UNKNOWN

NUMBERS = ("integer", "number")
Cells = Mapping[str, str]


def compare_releases(published: Path, seeds: Path) -> Iterator[Compared]:
    """Every figure of every release in a folder, each beside the truth of its moment."""
    for path in sorted(published.glob("*/*/r*/manifest.json")):
        yield from compare_release(path.parent, Registry(seeds))


def compare_release(release: Path, registry: Registry) -> Iterator[Compared]:
    """Every figure of a release beside the truth of its moment."""
    facts = json.loads((release / "manifest.json").read_bytes())
    period = read_period(release.parent.name).label
    at = datetime.fromisoformat(facts["as_of"])
    edition = Edition(release.parts[-3], period, at, registry)
    thresholds = read_thresholds()
    for table in read_tables(edition.publication):
        if table.name in READERS or must_be_compared(table):
            for one in _compare_table(release, table, edition, thresholds):
                yield Compared(f"{'/'.join(release.parts[-3:])} {one.what}", one.ours, one.true)


def must_be_compared(table: Table) -> set[str]:
    """The columns of figures of a table, but for those that the truth cannot know."""
    figures = {column.name for column in table.columns if column.type in NUMBERS}
    return figures - set(table.key) - UNKNOWN.get(table.name, {}).keys()


def _compare_table(
    release: Path, table: Table, edition: Edition, thresholds: Thresholds
) -> Iterator[Compared]:
    with (release / "tables" / f"{table.name}.csv").open(encoding="utf-8") as lines:
        rows = {tuple(row[name] for name in table.key): row for row in csv.DictReader(lines)}
    keys = [column for name in table.key for column in table.columns if column.name == name]
    true = {
        tuple(column.words.get(text, text) for column, text in zip(keys, key, strict=True)): told
        for key, told in READERS[table.name](edition)
    }
    if table.name in OTHERWISE:
        true = dict.fromkeys(rows, OTHERWISE[table.name]) | true
    for key in dict.fromkeys([*rows, *true]):
        what = f"{table.name} {' '.join(key)}"
        if key in rows and key in true:
            yield from _compare_row(what, table, rows[key], true[key], thresholds)
        else:
            said = ["a row" if key in found else "no row" for found in (rows, true)]
            yield Compared(what, *said)


def _compare_row(
    what: str, table: Table, row: Cells, true: Mapping[str, Value], thresholds: Thresholds
) -> Iterator[Compared]:
    hideable, wanted = _hideable(table.disclosure, row), {*must_be_compared(table), *true}
    for column in table.columns:
        name = column.name
        if name not in wanted or (name in hideable and row[name] == CONFIDENTIAL):
            continue
        said = "compared with nothing"
        if name in true:
            said = shown(table, column, row, true[name], thresholds)
        yield Compared(f"{what}, {name}", row[name], said)


def _hideable(rule: Disclosure | None, row: Cells) -> Iterable[str]:
    """The columns of a row whose cells may be hidden."""
    if rule is None or not all(row[name] in values for name, values in rule.only.items()):
        return ()
    return rule.protected


def shown(table: Table, column: Column, row: Cells, true: Value, thresholds: Thresholds) -> str:
    """A true value as the table shows it."""
    rule = table.disclosure
    counted = rule is not None and column.name in {one.column for one in rule.counts}
    if counted and isinstance(true, (int, Decimal)):
        count = Decimal(true)
        return CONFIDENTIAL if thresholds.is_small(count) else str(thresholds.rounded(count))
    if column.type == "integer" and isinstance(true, Decimal):
        true = int(true)
    return publish_value(column, true, row.get(column.unit_in or "")).text
