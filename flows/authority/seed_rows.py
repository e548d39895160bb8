"""The rows of a seed against its schema: types, keys, words, conditions, and what they refer to."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import duckdb

from flows.authority.overlay import Rows
from flows.authority.seed_schema import SeedSchema
from flows.common.periods import PeriodError, read_period, read_year

PERIODS = ("first_period", "last_period")
BOOLEANS = ("true", "false")


@dataclass(frozen=True, order=True)
class Fault:
    """Something that is wrong in a file of the authority's, for the reader."""

    file: str
    line: int
    column: str
    what: str


def row_faults(
    path: str, rows: Rows, lines: Sequence[int], schema: SeedSchema, seeds: Mapping[str, Rows]
) -> Iterator[Fault]:
    """What is wrong with the rows of a file. `lines`: of each row; `seeds`: all, as merged."""
    seen: dict[tuple[str, ...], int] = {}
    for row, line in zip(rows, lines, strict=True):
        for column, cell in row.items():
            for what in _of_cell(row, column, cell, schema, seeds):
                yield Fault(path, line, column, what)
        key = tuple(row.get(name, "") for name in schema.key)
        if schema.key and not any(key):
            yield Fault(path, line, schema.key[0], "the key of the row is blank")
        elif schema.key and key in seen:
            yield Fault(
                path,
                line,
                schema.key[0],
                f"{', '.join(filter(None, key))} stands in line {seen[key]} already",
            )
        seen.setdefault(key, line)
    yield from _conditions(path, rows, lines, schema)


def _of_cell(
    row: Mapping[str, str],
    column: str,
    cell: str,
    schema: SeedSchema,
    seeds: Mapping[str, Rows],
) -> Iterator[str]:
    if not cell:
        return
    if what := _not_of_type(cell, schema.types.get(column, "varchar")):
        yield f"{cell!r} is {what}"
    if column in PERIODS:
        yield from _not_a_period(cell)
    if (words := schema.accepted.get(column)) and cell not in words:
        yield f"{cell!r} is none of {', '.join(words)}"
    if reference := schema.references.get(column):
        seed, field = reference
        if cell not in {other.get(field) for other in seeds.get(seed, [])}:
            yield f"{cell!r} is no {field} of seed {seed}"


def _not_a_period(cell: str) -> Iterator[str]:
    try:
        read_period(cell)
    except PeriodError as error:
        try:
            read_year(cell)
        except PeriodError:
            yield str(error)


def _not_of_type(cell: str, kind: str) -> str:
    """What a cell is that is not of its column's type; empty where it is."""
    try:
        if kind == "date":
            date.fromisoformat(cell)
        elif kind == "integer":
            int(cell)
        elif kind.startswith("decimal"):
            Decimal(cell)
        elif kind == "boolean" and cell.lower() not in BOOLEANS:
            return "neither true nor false"
    except (ValueError, InvalidOperation):
        return {"date": "no date: write 2022-04-01", "integer": "no whole number"}.get(
            kind, "no number"
        )
    return ""


def _conditions(path: str, rows: Rows, lines: Sequence[int], schema: SeedSchema) -> Iterator[Fault]:
    """The rows that do not meet a condition of the schema; one that cannot be asked meets none."""
    if not rows or not schema.always:
        return
    columns = list(schema.types)
    with duckdb.connect() as connection:
        declared = ", ".join(f'"{name}" {schema.types[name]}' for name in columns)
        connection.execute(f"create table rows_given (_line integer, {declared})")
        texts = ", ".join(f'"{name}" varchar' for name in columns)
        connection.execute(f"create table texts (_line integer, {texts})")
        connection.executemany(
            f"insert into texts values ({', '.join('?' * (len(columns) + 1))})",
            [
                [line, *(row.get(name) or None for name in columns)]
                for row, line in zip(rows, lines, strict=True)
            ],
        )
        cast = ", ".join(f'try_cast("{name}" as {schema.types[name]})' for name in columns)
        connection.execute(f"insert into rows_given select _line, {cast} from texts")
        for condition in schema.always:
            found = connection.execute(
                f"select _line from rows_given where not coalesce({condition}, false) order by 1"
            ).fetchall()
            for (line,) in found:
                yield Fault(path, line, "", f"not so: {condition}")


def lines_of(content: bytes) -> list[int]:
    """The line that each row of a CSV file ends on."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    next(rows, None)
    return [rows.line_num for row in rows if any(row)]
