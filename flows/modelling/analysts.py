"""Questions to the analysts' file: `query` and `export`. Read-only, and closed in."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from exports.figures.cell import harmless, harmless_sql
from flows.common.errors import InputError, SocialValueError
from flows.common.settings import Settings
from flows.warehouse.connection import Row

ENDINGS = (".csv", ".parquet", ".xlsx")
SHEET_ROWS = 1_048_575  # as many as a sheet has below its header


class NothingModelled(SocialValueError):
    """There is no analysts' file yet."""


class BadQuestion(InputError):
    """The question names something that is not there, or is not SQL."""


@contextmanager
def analysts(settings: Settings, models: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The modelled tables, read-only; neither files nor the network can be reached through it.

    `models`: the folder of the modelled tables, where the question is about a past moment. Raises
    NothingModelled before the first build.
    """
    path = (models or settings.analysts.parent) / settings.analysts.name
    with _closed_in(path, settings) as connection:
        yield connection


@contextmanager
def restricted(
    settings: Settings, models: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The contributions of rows about people, as `analysts`. For `trace --restricted` only."""
    path = (models or settings.restricted.parent) / settings.restricted.name
    with _closed_in(path, settings) as connection:
        yield connection


@contextmanager
def _closed_in(path: Path, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    if not path.exists():
        raise NothingModelled("Nothing has been modelled yet: run social-value build first.")
    connection = duckdb.connect(
        str(path),
        read_only=True,
        config={
            "threads": settings.threads,
            "memory_limit": settings.memory_limit,
            "temp_directory": "",  # DuckDB leaves it open to COPY, external access or not
        },
    )
    try:
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def query(settings: Settings, sql: str, models: Path | None = None) -> list[Row]:
    """The rows that one SELECT gives. Raises BadQuestion with DuckDB's own words, in one line.

    An answer has an end: `settings.query_rows` and `settings.query_seconds`.
    """
    with analysts(settings, models) as connection:
        clock = threading.Timer(settings.query_seconds, connection.interrupt)
        clock.start()
        try:
            _is_one_select(connection, sql)
            asked = connection.execute(sql)
            names = [column[0] for column in asked.description or []]
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise BadQuestion(
                    f"Two columns are called {', '.join(twice)}: name each of its own with as."
                )
            rows = asked.fetchmany(settings.query_rows + 1)
        except duckdb.InterruptException:
            raise BadQuestion(
                f"The answer took more than {settings.query_seconds:g} seconds: ask for less, or "
                "set SOCIAL_VALUE_QUERY_SECONDS."
            ) from None
        except duckdb.Error as error:
            raise BadQuestion(" ".join(str(error).split())) from None
        finally:
            clock.cancel()
        if len(rows) > settings.query_rows:
            raise BadQuestion(
                f"The answer has more than {settings.query_rows:,} rows: ask for fewer, export the "
                "table, or set SOCIAL_VALUE_QUERY_ROWS."
            )
        return [
            dict(zip(names, (_number_or_none(value) for value in row), strict=True)) for row in rows
        ]


def _is_one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Only a SELECT may be asked: COPY can still write the analysts' own .wal beside the file."""
    kinds = [one.type for one in connection.extract_statements(sql)]
    if kinds != [duckdb.StatementType.SELECT]:
        raise BadQuestion("Ask one SELECT: a question cannot change, write or set anything.")


def _number_or_none(value: object) -> object:
    """A number that is infinite or none at all has no place in JSON."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def export(settings: Settings, relation: str, target: Path) -> int:
    """Write a relation of the analysts' file as CSV, Parquet or a workbook; returns its rows.

    Whoever opens CSV or a workbook runs nothing: text that looks like a formula stays text.
    """
    if target.suffix not in ENDINGS:
        raise BadQuestion(f"{target.name}: the name must end in {', '.join(ENDINGS)}.")
    if not target.absolute().parent.is_dir():
        raise BadQuestion(f"There is no folder {target.absolute().parent}: make it first.")
    with analysts(settings) as connection:
        known = [
            f"{schema}.{name}"
            for schema, name in connection.execute(
                "select table_schema, table_name from information_schema.tables order by all"
            ).fetchall()
        ]
        if relation not in known:
            raise BadQuestion(f"There is no {relation}; there are {', '.join(known)}.")
        found = connection.execute(f"select * from {relation}").arrow().read_all()
    if target.suffix == ".xlsx" and found.num_rows > SHEET_ROWS:
        raise BadQuestion(
            f"{relation} has {found.num_rows} rows and a sheet holds {SHEET_ROWS}: export to "
            ".csv or .parquet."
        )
    with duckdb.connect() as connection:
        connection.register("found", found)
        if target.suffix == ".xlsx":
            _write_workbook(connection, relation, target)
        else:
            connection.execute(_copy(connection.sql("from found"), target))
    return int(found.num_rows)


def _copy(found: duckdb.DuckDBPyRelation, target: Path) -> str:
    """The statement that writes `found` to a file: as data in Parquet, for spreadsheets too in CSV.

    Only text is guarded: a number that begins with a minus is no formula.
    """
    place = str(target).replace("'", "''")
    if target.suffix == ".parquet":
        return f"copy found to '{place}' (format parquet)"
    columns = ", ".join(
        f"{harmless_sql(name)} as {name}" if kind == "VARCHAR" else name
        for name, kind in zip(map(_quoted, found.columns), map(str, found.types), strict=True)
    )
    return f"copy (select {columns} from found) to '{place}' (format csv, header true)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write_workbook(connection: duckdb.DuckDBPyConnection, relation: str, target: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet(relation.split(".")[-1][:31])
    cursor = connection.execute("select * from found")
    sheet.append([column[0] for column in cursor.description or []])
    while batch := cursor.fetchmany(10_000):
        for row in batch:
            cells: list[object] = []
            for value in row:
                if isinstance(value, str):
                    value = ILLEGAL_CHARACTERS_RE.sub("", value)  # XML cannot hold them
                if isinstance(value, str) and harmless(value) != value:
                    cell = WriteOnlyCell(sheet, value)
                    cell.data_type = "s"  # text, whatever it begins with
                    cells.append(cell)
                else:
                    cells.append(value)
            sheet.append(cells)
    book.save(target)
