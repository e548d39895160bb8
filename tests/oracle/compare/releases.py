"""Walks the tables of a release beside what the truth says of each."""

import csv
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from exports.definitions.disclosure import Disclosure
from exports.definitions.table import (
    CONFIDENTIAL,
    LOW,
    SYMBOLS,
    ColumnDefinition,
    TableDefinition,
    read_tables,
)
from exports.disclosure.thresholds import Thresholds, read_thresholds
from exports.figures.cell import publish_value
from flows.common.periods import read_period
from flows.demo.made.deliveries import WHOLE, Scope
from tests.oracle.compare.compared import Compared
from tests.oracle.compare.edition import OF_ALL, Edition, Value
from tests.oracle.compare.registry import Registry
from tests.oracle.compare.tables import OTHERWISE, READERS, UNKNOWN
from tests.support.definitions import PLACES

NUMBERS = ("integer", "number")
Cells = Mapping[str, str]


def compare_releases(
    published: Path, seeds: Path, scope: Scope, names: Collection[str] | None = None
) -> Iterator[Compared]:
    """Every figure of every release in a folder, each beside the truth of its moment.

    `names`: of which tables, where it is not all of them.
    """
    for path in sorted(published.glob("*/*/r*/manifest.json")):
        yield from compare_release(path.parent, Registry(seeds), scope, names)


def compare_release(
    release: Path,
    registry: Registry,
    scope: Scope = WHOLE,
    names: Collection[str] | None = None,
) -> Iterator[Compared]:
    """Every figure of a release beside the truth of its moment."""
    facts = json.loads((release / "manifest.json").read_bytes())
    period = read_period(release.parent.name).label
    at = datetime.fromisoformat(facts["as_of"])
    edition = Edition(release.parts[-3], period, at, registry, scope)
    thresholds = read_thresholds(PLACES.thresholds)
    for table in read_tables(edition.publication, PLACES.tables):
        if names is not None and table.name not in names:
            continue
        if table.name in READERS or must_be_compared(table):
            for one in _compare_table(release, table, edition, thresholds):
                yield Compared(f"{'/'.join(release.parts[-3:])} {one.what}", one.came, one.true)


def must_be_compared(table: TableDefinition) -> set[str]:
    """The columns of figures of a table, but for those that the truth cannot know."""
    figures = {column.name for column in table.columns if column.type in NUMBERS}
    return figures - set(table.key) - UNKNOWN.get(table.name, {}).keys()


def _compare_table(
    release: Path, table: TableDefinition, edition: Edition, thresholds: Thresholds
) -> Iterator[Compared]:
    with (release / "tables" / f"{table.name}.csv").open(encoding="utf-8") as lines:
        rows = {tuple(row[name] for name in table.key): row for row in csv.DictReader(lines)}
    keys = [column for name in table.key for column in table.columns if column.name == name]
    true = {
        tuple(column.words.get(text, text) for column, text in zip(keys, key, strict=True)): columns
        for key, columns in READERS[table.name](edition)
    }
    if table.name in OTHERWISE:
        true = dict.fromkeys(rows, OTHERWISE[table.name]) | true
    for key in dict.fromkeys([*rows, *true]):
        what = f"{table.name} {' '.join(key)}"
        if key in rows and key in true:
            yield from _compare_row(what, table, rows[key], true[key], thresholds)
        else:
            texts = ["a row" if key in found else "no row" for found in (rows, true)]
            yield Compared(what, *texts)


def _compare_row(
    what: str, table: TableDefinition, row: Cells, true: Mapping[str, Value], thresholds: Thresholds
) -> Iterator[Compared]:
    wanted = {*must_be_compared(table), *true}
    for column in table.columns:
        name = column.name
        if name not in wanted:
            continue
        if row[name] == CONFIDENTIAL and _may_be_hidden(table, name, row, true, thresholds):
            continue
        expected = "compared with nothing"
        if name in true:
            expected = published(table, column, row, true, thresholds)
        yield Compared(f"{what}, {name}", row[name], expected)


def _may_be_hidden(
    table: TableDefinition, name: str, row: Cells, true: Mapping[str, Value], thresholds: Thresholds
) -> bool:
    """Whether a cell may be hidden: only of people, for itself or to protect another.

    Where the truth says how many people stand behind it and the table does not, one of the counts
    must be small: nothing else is there to protect.
    """
    rule = table.disclosure
    if rule is None or name not in rule.protected or not _is_about_people(rule, row):
        return False
    columns = {column.name for column in table.columns}
    behind = [one.column for one in rule.counts if one.column in true.keys() - columns]
    return not behind or _is_any_small(behind, true, thresholds)


def _is_about_people(rule: Disclosure, row: Cells) -> bool:
    return all(row[column] in values for column, values in rule.only.items())


def _is_any_small(counts: Iterable[str], true: Mapping[str, Value], thresholds: Thresholds) -> bool:
    numbers = [true.get(name) for name in counts]
    counted = [Decimal(number) for number in numbers if isinstance(number, (int, Decimal))]
    return any(thresholds.is_small(number) for number in counted)


def _rests_on(rule: Disclosure, name: str) -> list[str]:
    """The counts of people that a percentage or a statistic would tell."""
    shares = [one for one in rule.percentages if one.column == name]
    counts = [count for one in shares for count in (one.numerator, one.denominator)]
    return counts + [count for one in rule.statistics if one.column == name for count in one.people]


def _of_shown(
    table: TableDefinition,
    column: ColumnDefinition,
    row: Cells,
    true: Mapping[str, Value],
    thresholds: Thresholds,
) -> Value:
    """A percentage of people as what it is of is shown; any other value as it is."""
    rule = table.disclosure
    for share in rule.percentages if rule else ():
        if share.column == column.name and not share.statutory:
            parts = (true[share.numerator], true[OF_ALL if share.over else share.denominator])
            part, whole = (thresholds.rounded(Decimal(str(count))) for count in parts)
            return Decimal(100 * part) / whole
    for ratio in rule.ratios if rule else ():
        if ratio.column == column.name:
            columns = {one.name: one for one in table.columns}
            texts = [
                published(table, columns[name], row, true, thresholds)
                for name in (ratio.numerator, ratio.denominator)
            ]
            part, whole = (Decimal(0) if text == LOW else Decimal(text) for text in texts)
            return 100 * part / whole
    return true[column.name]


def published(
    table: TableDefinition,
    column: ColumnDefinition,
    row: Cells,
    true: Mapping[str, Value],
    thresholds: Thresholds,
) -> str:
    """A true value of a row as the table shows it."""
    rule, value = table.disclosure, true[column.name]
    if rule is not None and true.get("is_required") and column.name in rule.statutory:
        rule = None  # the law knows no exemption
    if rule is not None and value is None:
        kept_back = {one.column for one in rule.statistics if one.missing_is_hidden}
        if column.name in kept_back:
            return CONFIDENTIAL
    if rule is not None and value is not None and _is_about_people(rule, row):
        if _is_any_small(_rests_on(rule, column.name), true, thresholds):
            return CONFIDENTIAL
        if column.name in rule.row_counts and value:
            return CONFIDENTIAL
        counted = column.name in {one.column for one in rule.counts}
        if counted and isinstance(value, (int, Decimal)):
            count = Decimal(value)
            return CONFIDENTIAL if thresholds.is_small(count) else str(thresholds.rounded(count))
        value = _of_shown(table, column, row, true, thresholds)
    if column.type == "integer" and isinstance(value, Decimal):
        value = int(value)
    if value is None and (reason := _why_missing(column, row, true)):
        return SYMBOLS[reason]
    return publish_value(column, value, row.get(column.unit_in or "")).text


def _why_missing(column: ColumnDefinition, row: Cells, true: Mapping[str, Value]) -> str:
    """Why a row has no value, where its column says so of some rows; '' else."""
    for reason, where in column.missing_where.items():
        told = {name: "" if true.get(name, "") is None else row.get(name, "") for name in where}
        if all(told[name] in texts for name, texts in where.items()):
            return reason
    return ""
