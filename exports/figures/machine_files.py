"""A table as files for machines: CSV, its CSVW description, and Parquet."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from exports.definitions.table import (
    CONFIDENTIAL,
    LOW,
    MEANINGS,
    SYMBOLS,
    ColumnDefinition,
    TableDefinition,
)
from exports.figures.cell import CellValue, harmless
from exports.figures.selection import Selection
from flows.authority.declaration import Authority

_SQL_TYPES = {
    "text": "varchar",
    "integer": "bigint",
    "date": "date",
    "moment": "timestamp",
    "boolean": "boolean",
}
_CSVW_TYPES: dict[str, object] = {
    "text": "string",
    "integer": "integer",
    "number": "decimal",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "moment": {"base": "dateTime", "format": "yyyy-MM-ddTHH:mm:ss"},
    "boolean": {"base": "boolean", "format": "yes|no"},
}
_FORMULA_RULE = (
    "Text that begins with =, +, -, @, a tab or a carriage return (after any spaces and"
    " apostrophes) has one apostrophe put in front, so that no spreadsheet runs it; take it off to"
    " have the original."
)


def csv_text(selection: Selection) -> str:
    """The table as CSV: one header row of column names, LF, symbols where there is no value."""
    columns = selection.table.columns
    return csv_of(
        [column.name for column in columns],
        (
            [
                harmless(cell.text) if column.type == "text" and not cell.symbol else cell.text
                for column, cell in zip(columns, row, strict=True)
            ]
            for row in selection.rows
        ),
    )


def csv_of(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV with one header row and LF, as every file of a release is written."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return out.getvalue()


def csvw_text(selection: Selection, title: str, publisher: Authority | None = None) -> str:
    """The CSVW description that stands beside `<table>.csv`, as JSON."""
    table = selection.table
    texts = [*table.notes, *(column.note for column in table.columns if column.note)]
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table.name}.csv",
        "dc:title": title,
        "dc:description": table.about,
        "dc:language": "en-GB",
        **_published_by(publisher),
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True},
        "notes": [
            *texts,
            *(f"{symbol} {MEANINGS[symbol]}" for symbol in selection.symbols),
            _FORMULA_RULE,
        ],
        "tableSchema": {
            "primaryKey": table.key,
            "columns": [_csvw_column(table, column) for column in table.columns],
        },
    }
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def _published_by(publisher: Authority | None) -> dict[str, object]:
    if publisher is None:
        return {}
    return {
        "dc:publisher": {"schema:name": publisher.name, "schema:email": publisher.contact.email},
        "dc:license": {"@id": publisher.licence.url},
    }


def _csvw_column(table: TableDefinition, column: ColumnDefinition) -> dict[str, object]:
    symbols = _symbols_in(table, column)
    described: dict[str, object] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": column.header,
        "dc:description": column.meaning,
        "datatype": _CSVW_TYPES[column.type],
        "required": not {*symbols} - {LOW},
    }
    if column.unit:
        described["schema:unitText"] = column.unit
    if symbols:
        described["null"] = symbols
    return described


def _symbols_in(table: TableDefinition, column: ColumnDefinition) -> list[str]:
    """The symbols that can stand in a column."""
    symbols = [SYMBOLS[column.when_missing]] if column.when_missing else []
    symbols += [SYMBOLS[reason] for reason in column.missing_where]
    if column.type == "number":
        # A figure that rounds to 0 is shown as [low]: no number for a machine either.
        symbols.append(LOW)
    if table.disclosure and column.name in table.disclosure.protected:
        symbols.append(CONFIDENTIAL)
    return symbols


def write_parquet(scratch: duckdb.DuckDBPyConnection, selection: Selection, path: Path) -> None:
    """The table as Parquet at `path`: typed, NULL where there is no value, bytes repeatable.

    A column in which a symbol can stand has one beside it, NAME_symbol, that says which does.
    `scratch` is a database in memory.
    """
    # Column by column: row by row DuckDB takes a hundred times as long.
    held: list[tuple[str, str, list[CellValue]]] = []
    for at, column in enumerate(selection.table.columns):
        cells = [row[at] for row in selection.rows]
        held.append((column.name, _sql_type(column), [cell.value for cell in cells]))
        if _symbols_in(selection.table, column):
            held.append((f"{column.name}_symbol", "varchar", [cell.symbol for cell in cells]))
    names = ", ".join(f'"{name}"' for name, _, _ in held)
    lists = [values for _, _, values in held]
    typed = ", ".join(f"unnest(cast(? as {kind}[]))" for _, kind, _ in held)
    rows = f"select unnest(range({len(selection.rows)})), {typed}"
    scratch.execute(f"create or replace table rows (_place, {names}) as {rows}", lists)
    # Only a total order makes the file the same, whatever the number of threads.
    ordered = scratch.sql(f"select {names} from rows order by _place")
    ordered.write_parquet(str(path), compression="zstd")


def _sql_type(column: ColumnDefinition) -> str:
    return f"decimal(24, {column.scale})" if column.type == "number" else _SQL_TYPES[column.type]
