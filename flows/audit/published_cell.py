"""A published cell, and its unrounded value again from what it is made of, by its named rule."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from exports.definitions.lineage import NOTHING_FURTHER, Lineage
from exports.definitions.table import ColumnDefinition, TableDefinition, read_tables
from exports.figures.selection import Selection, select
from flows.common.periods import Kind, Period, PeriodError, period_of, read_period, read_year
from flows.modelling.analysts import BadQuestion
from flows.warehouse.connection import Row, as_rows

Answers = dict[tuple[str, ...], object]  # by what was asked
_ASKED = re.compile(r"\$([a-z_]+)")
CLOSE = Decimal("0.000001")  # values have six decimals


@dataclass(frozen=True)
class PublishedPeriod:
    """What a release is about: its publication, its period, and the moment of its figures."""

    publication: str
    period: Period
    as_of: datetime

    @property
    def within(self) -> list[str]:
        """Every period that is reported with this one: those inside it, and what ends with it."""
        day = self.period.end - timedelta(days=1)
        kinds: tuple[Kind, ...] = ("quarter", "half", "year")
        longer = [period_of(day, kind) for kind in kinds]
        ending = [one.label for one in longer if one.end == self.period.end]
        return list(dict.fromkeys([*self.period.months, self.period.label, *ending]))

    def about(self, values: Mapping[str, object]) -> Period:
        """The period that a row is about: its own, where it names one."""
        label, kind = str(values.get("period") or ""), values.get("period_kind")
        try:
            return read_year(label) if kind == "year" else read_period(label)
        except PeriodError:
            return self.period


@dataclass(frozen=True)
class TracedCell:
    """A cell: as published, unrounded, and as its rule gives it again."""

    table: str
    row: str
    column: ColumnDefinition
    published: str
    unrounded: object
    again: object
    bindings: Mapping[str, object]

    @property
    def lineage(self) -> Lineage:
        """The rule. Raises BadQuestion where the table declares none."""
        if self.column.traces is None:
            raise BadQuestion(
                f"exports/tables/{self.table}.yaml does not say how {self.column.name} is traced."
            )
        return self.column.traces

    @property
    def agrees(self) -> bool:
        """Whether the rule gives the unrounded value."""
        return self.lineage.rule in NOTHING_FURTHER or _same(self.unrounded, self.again)


def tables_of(report: PublishedPeriod, folder: Path) -> dict[str, TableDefinition]:
    """The tables of the report's publication, by name."""
    return {table.name: table for table in read_tables(report.publication, folder)}


def published_of(
    connection: duckdb.DuckDBPyConnection, table: TableDefinition, report: PublishedPeriod
) -> Selection:
    """The table's rows for the report, as they were before people were protected in them."""
    last = period_of(report.period.end - timedelta(days=1), "quarter")
    period = last if table.period_column == "quarter" else report.period
    return select(connection, table, period.label)


def every_cell(
    connection: duckdb.DuckDBPyConnection, table: TableDefinition, report: PublishedPeriod
) -> Iterator[TracedCell]:
    """Every cell of the table, traced."""
    selection = published_of(connection, table, report)
    answers: Answers = {}
    for place in range(len(selection.rows)):
        for column in table.columns:
            yield traced(connection, selection, place, column, report, answers)


def traced(
    connection: duckdb.DuckDBPyConnection,
    selection: Selection,
    place: int,
    column: ColumnDefinition,
    report: PublishedPeriod,
    answers: Answers | None = None,
) -> TracedCell:
    """The cell in that row and column. Raises BadQuestion where its rule cannot be asked.

    `answers`: what was asked before of the same models, and need not be asked again.
    """
    cell = cell_at(selection, place, column, report)
    if cell.lineage.rule in NOTHING_FURTHER:
        return cell
    sql = cell.lineage.sql(cell.lineage.value or "")
    asked = (sql, *(repr(cell.bindings[name]) for name in sorted(cell.lineage.asks)))
    answers = {} if answers is None else answers
    if asked not in answers:
        found = ask(connection, cell, cell.lineage.value or "null")
        answers[asked] = next(iter(found[0].values())) if found else None
    return replace(cell, again=answers[asked])


def cell_at(
    selection: Selection, place: int, column: ColumnDefinition, report: PublishedPeriod
) -> TracedCell:
    """The cell in that row and column, not yet had again."""
    record = selection.records[place]
    names = {one.name: record[one.source or one.name] for one in selection.table.columns}
    bindings = _bindings(dict(record) | names, report)
    return TracedCell(
        selection.table.name,
        row_key(selection, place),
        column,
        selection.rows[place][list(names).index(column.name)].text,
        record[column.source or column.name],
        None,
        bindings,
    )


def ask(connection: duckdb.DuckDBPyConnection, cell: TracedCell, what: str) -> list[Row]:
    """`select WHAT` of the rows that a cell is made of."""
    sql = cell.lineage.sql(what)
    asked = set(_ASKED.findall(sql))
    try:
        return as_rows(connection.execute(sql, {n: cell.bindings[n] for n in asked}))
    except duckdb.Error as error:
        raise BadQuestion(
            f"exports/tables/{cell.table}.yaml, {cell.column.name}: traces cannot be asked "
            f"({' '.join(str(error).split())})."
        ) from None


def row_key(selection: Selection, place: int) -> str:
    """What names a row: `period=2022-23 Q1; place=Northmoor`."""
    texts = dict(
        zip([one.name for one in selection.table.columns], selection.texts[place], strict=True)
    )
    return "; ".join(f"{name}={texts[name]}" for name in selection.table.key)


def _bindings(values: dict[str, object], report: PublishedPeriod) -> dict[str, object]:
    about = report.about(values)
    months = [month for month in about.months if month <= report.period.months[-1]]
    end = min(about.end, report.period.end)
    return {
        **values,
        "as_of": report.as_of,
        "months": months,
        "last_month": about.months[-1],
        "last_day": end - timedelta(days=1),
        "within": report.within,
        "before": _year_before(report.period).label,
    }


def _year_before(period: Period) -> Period:
    return Period(period.first_day.replace(year=period.first_day.year - 1), period.kind)


def _same(one: object, other: object) -> bool:
    if one is None or other is None or isinstance(one, bool) or isinstance(other, bool):
        return one == other
    if isinstance(one, Decimal | int | float) and isinstance(other, Decimal | int | float):
        return abs(Decimal(str(one)) - Decimal(str(other))) <= CLOSE
    return str(one) == str(other)
