"""The rows of a published table for a period, rounded as they are published."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from exports.definitions.table import SYMBOLS, Order, TableDefinition
from exports.figures.cell import Cell, CellError, publish_value
from flows.common.errors import SocialValueError


class SelectionError(SocialValueError):
    """The analysts' file does not hold what a table's definition asks for."""


@dataclass(frozen=True)
class Selection:
    """A table with its published rows, in their order.

    `records` are the same rows as the models hold them, for disclosure control to reckon with.
    """

    table: TableDefinition
    rows: tuple[tuple[Cell, ...], ...]
    records: tuple[Mapping[str, object], ...] = field(default=(), repr=False, compare=False)

    @property
    def texts(self) -> list[list[str]]:
        """The rows as text, symbols in place."""
        return [[cell.text for cell in row] for row in self.rows]

    @property
    def by_column(self) -> list[dict[str, Cell]]:
        """The rows, each cell by the name of its column."""
        names = [column.name for column in self.table.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    @property
    def texts_by_column(self) -> list[dict[str, str]]:
        """The rows as text, each by the name of its column."""
        return [{name: cell.text for name, cell in row.items()} for row in self.by_column]

    @property
    def symbols(self) -> list[str]:
        """The symbols that stand for values in it, sorted."""
        return sorted({cell.symbol for row in self.rows for cell in row if cell.symbol})

    @property
    def digest(self) -> str:
        """A SHA-256 of the column names and the sorted rows: equal wherever the figures are."""
        names = json.dumps([column.name for column in self.table.columns])
        rows = sorted(json.dumps(row, ensure_ascii=False) for row in self.texts)
        return hashlib.sha256("\n".join([names, *rows]).encode()).hexdigest()

    def column(self, name: str) -> list[Cell]:
        """The cells of one column, from the top; none if the table has no such column."""
        return [row[name] for row in self.by_column if name in row]


def select(connection: duckdb.DuckDBPyConnection, table: TableDefinition, period: str) -> Selection:
    """The rows of `table` whose period column holds that label, e.g. `2022-23 Q1`.

    Raises SelectionError if the model or a column is missing, if a value does not fit its column,
    or if two rows have the same key.
    """
    sources = {column.name: column.source or column.name for column in table.columns}
    further = sorted(table.disclosure.read - sources.keys()) if table.disclosure else []
    units = [c.unit_in for c in table.columns if c.unit_in]
    names = list(dict.fromkeys([*sources.values(), *units, *further]))
    orders = [Order(column=by) if isinstance(by, str) else by for by in table.order_by]
    # The key comes last, so that the order is total whatever a definition sorts by.
    orders += [Order(column=sources[name]) for name in table.key]
    values = [order.values for order in orders if order.values]
    sql = (
        f"select {', '.join(map(_quoted, names))} from publication.{_quoted(table.source)}"
        f" where {table.period_column} = ? order by {', '.join(map(_order_sql, orders))}"
    )
    try:
        found = connection.execute(sql, [period, *values]).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise SelectionError(
            f"Table {table.name}: publication.{table.source} is not as the table's definition says"
            f" ({str(error).splitlines()[0]}); build the models again, or mend"
            f" exports/tables/{table.name}.yaml."
        ) from None
    records = [dict(zip(names, values, strict=True)) for values in found]
    rows = [_row(table, record) for record in records]
    _keys_are_single(table, rows)
    return Selection(table, tuple(rows), tuple(records))


def periods_with_rows(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[TableDefinition], column: str
) -> list[str]:
    """The labels, in order, for which any table of that period column has a row."""
    held = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'publication'"
        ).fetchall()
    }
    parts = [
        f"select {column} as period from publication.{_quoted(source)}"
        for source in sorted({one.source for one in tables if one.period_column == column} & held)
    ]
    if not parts:
        return []
    found = connection.execute(f"{' union '.join(parts)} order by period").fetchall()
    return [str(period) for (period,) in found]


def _row(table: TableDefinition, record: Mapping[str, object]) -> tuple[Cell, ...]:
    cells = []
    for column in table.columns:
        raw = record[column.source or column.name]
        unit = record[column.unit_in] if column.unit_in else None
        try:
            cell = publish_value(column, raw, None if unit is None else str(unit))
        except CellError as error:
            raise SelectionError(
                f"Table {table.name}: column {column.name} {error}; mend publication.{table.source}"
                f" or exports/tables/{table.name}.yaml."
            ) from None
        for reason, where in column.missing_where.items():
            if cell.value is None and all(
                ("" if record[name] is None else str(record[name])) in texts
                for name, texts in where.items()
            ):
                cell = Cell(None, SYMBOLS[reason])
        cells.append(cell)
    return tuple(cells)


def _order_sql(order: Order) -> str:
    by = _quoted(order.column)
    if order.values:
        by = f"list_position(?::varchar[], {by})"
    return f"{by} {'desc' if order.descending else 'asc'} nulls last"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _keys_are_single(table: TableDefinition, rows: Sequence[tuple[Cell, ...]]) -> None:
    at = [place for place, column in enumerate(table.columns) if column.name in table.key]
    keys = [tuple(row[place].text for place in at) for row in rows]
    if len(set(keys)) == len(keys):
        return
    twice = next(key for key in keys if keys.count(key) > 1)
    raise SelectionError(
        f"Table {table.name}: two rows are both {', '.join(twice)};"
        f" its key ({', '.join(table.key)}) must name one row of publication.{table.source}."
    )
