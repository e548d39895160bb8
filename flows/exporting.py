"""Questions to the analysts' file: `query`, `export` and `trace`. Read-only, and closed in."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

from flows.listings import Row, as_rows
from flows.periods import read_period
from flows.settings import Settings
from flows.warehouse import door

ENDINGS = (".csv", ".parquet", ".xlsx")
FORMULA_STARTS = ("=", "+", "-", "@")
SHEET_ROWS = 1_048_575  # as many as a sheet has below its header


class NothingModelled(RuntimeError):
    """There is no analysts' file yet."""


class BadQuestion(ValueError):
    """The question names something that is not there, or is not SQL."""


@contextmanager
def analysts(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The modelled tables, read-only; neither files nor the network can be reached through it.

    Raises NothingModelled before the first build.
    """
    if not settings.analysts.exists():
        raise NothingModelled("Nothing has been modelled yet: run social-value build first.")
    connection = duckdb.connect(
        str(settings.analysts),
        read_only=True,
        config={"threads": settings.threads, "memory_limit": settings.memory_limit},
    )
    try:
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def query(settings: Settings, sql: str) -> list[Row]:
    """The rows that the SQL gives. Raises BadQuestion with DuckDB's own words, in one line."""
    with analysts(settings) as connection:
        try:
            asked = connection.execute(sql)
            names = [column[0] for column in asked.description or []]
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise BadQuestion(
                    f"Two columns are called {', '.join(twice)}: name each of its own with as."
                )
            return [
                {name: _number_or_none(value) for name, value in row.items()}
                for row in as_rows(asked)
            ]
        except duckdb.Error as error:
            raise BadQuestion(" ".join(str(error).split())) from None


def _number_or_none(value: object) -> object:
    """A number that is infinite or none at all has no place in JSON."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def export(settings: Settings, relation: str, target: Path) -> int:
    """Write a relation of the analysts' file as CSV, Parquet or a workbook; returns its rows."""
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
        quoted = str(target).replace("'", "''")
        if target.suffix == ".xlsx":
            _write_workbook(connection, relation, target)
        else:
            kind = "csv, header true" if target.suffix == ".csv" else "parquet"
            connection.execute(f"copy found to '{quoted}' (format {kind})")
    return int(found.num_rows)


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
                if isinstance(value, str) and value.startswith(FORMULA_STARTS):
                    cell = WriteOnlyCell(sheet, value)
                    cell.data_type = "s"  # text, whatever it begins with
                    cells.append(cell)
                else:
                    cells.append(value)
            sheet.append(cells)
    book.save(target)


def trace(
    settings: Settings, indicator: str, period: str, basis: str | None, breakdown: str | None
) -> Row:
    """A value of an indicator, and every row that it is made of, with its file, sheet and row.

    `breakdown` reads `district=Liverpool`. Raises BadQuestion where there is no such value, and
    says which there are.
    """
    asked = read_period(period)
    label = asked.label
    name, _, wanted = (breakdown or "").partition("=")
    with analysts(settings) as connection:
        values = as_rows(
            connection.execute(
                "select * from marts.fct_indicator_values where indicator_id = ? and period = ? "
                "and period_kind = ? and breakdown = ? and breakdown_value = ? "
                "and (? is null or basis = ?) "
                "order by basis",
                [indicator, label, asked.kind, name, wanted, basis, basis],
            )
        )
        if not values:
            raise BadQuestion(_what_there_is(connection, indicator, label))
        value = next((v for v in values if v["basis"] == "known"), values[0])
        rule = as_rows(
            connection.execute(
                "select * from seeds.breakdowns where indicator_id = ? and breakdown = ?",
                [indicator, name],
            )
        )
        values_for = {
            "indicator": indicator,
            "basis": value["basis"],
            "period": label,
            "kind": asked.kind,
            **({"wanted": wanted} if name else {}),
        }
        how = _contributions(name, rule[0]["rule"] if rule else "whole")
        rows = as_rows(connection.execute(how, values_for))
    files = _file_names(settings)
    return {
        "indicator": indicator,
        "period": label,
        "basis": value["basis"],
        "breakdown": breakdown,
        "value": None if value["value"] is None else str(value["value"]),
        "unit": value["unit"],
        "numerator": _text(value["numerator"]),
        "denominator": _text(value["denominator"]),
        "disclosure": "none: the figure counts money, not people; it is rounded when published",
        "rule": value["rule"],
        "recomputed": _recompute(rows, str(value["rule"])),
        "rows": [
            {
                "return_id": row["_return_id"],
                "file": files.get(str(row["_return_id"])),
                "sheet": row["_sheet"] or None,
                "row": row["_row"],
                "numerator": _text(row["numerator"]),
                "denominator": _text(row["denominator"]),
            }
            for row in rows
        ],
    }


def _contributions(name: str, rule: object) -> str:
    """The rows of a value. Of a `share` the numerator is the part's and the denominator whole:
    of two columns, which are named with a slash between, the first column's part.
    """
    columns = name.split("/") if name else []
    part = " || '/' || ".join(f"c.{column}" for column in columns)
    numerator = "c.numerator"
    where = ""
    if columns and rule == "share":
        numerator = f"case when {part} = $wanted then c.numerator else 0 end"
        if len(columns) > 1:
            where = f"and starts_with($wanted, c.{columns[0]} || '/')"
    elif columns:
        where = f"and {part} = $wanted"
    return f"""
        select c._return_id, c._sheet, c._row,
               case when p.counts_above then {numerator} else 0 end as numerator,
               case when p.counts_below then c.denominator else 0 end as denominator
        from marts.fct_indicator_contributions as c
        join marts.fct_indicator_periods as p
          on p.indicator_id = c.indicator_id and p.basis = c.basis and p._series = c._series
         and p.inner_period = c.period
        where c.indicator_id = $indicator and c.basis = $basis
          and p.period = $period and p.period_kind = $kind {where}
        order by c._return_id, c._sheet, c._row
    """


def _recompute(rows: list[Row], rule: str) -> str | None:
    """The value by the registry's rule, from the rows alone; None where none can be had."""
    above = sum((Decimal(str(row["numerator"] or 0)) for row in rows), Decimal(0))
    below = sum((Decimal(str(row["denominator"] or 0)) for row in rows), Decimal(0))
    if not rows or (rule not in ("sum", "count") and below <= 0):
        return None
    values = {
        "sum": above,
        "count": above,
        "mean": above / (below or 1),
        "ratio of sums": 100 * above / (below or 1),
    }
    return str(values[rule].quantize(Decimal("0.000001"), ROUND_HALF_UP))


def _what_there_is(connection: duckdb.DuckDBPyConnection, indicator: str, period: str) -> str:
    known = connection.execute(
        "select distinct period, breakdown || case when breakdown = '' then '' else '=' end "
        "|| breakdown_value from marts.fct_indicator_values where indicator_id = ? order by all",
        [indicator],
    ).fetchall()
    if not known:
        return (
            f"No value of {indicator} has been modelled; social-value query lists the indicators."
        )
    periods = sorted({str(row[0]) for row in known})
    kinds = sorted({str(row[1]) for row in known if row[1]})
    return (
        f"There is no such value of {indicator} for {period}; there are values for "
        f"{', '.join(periods)}, by {', '.join(kinds[:12]) or 'nothing'}."
    )


def _file_names(settings: Settings) -> dict[str, str]:
    with door.reading(settings) as connection:
        rows = connection.execute("select return_id, file_name from warehouse.ledger.returns")
        return {str(name): str(file) for name, file in rows.fetchall()}


def _text(value: object) -> str | None:
    """A number as text; a sum with as many decimals as it needs, two at least."""
    if isinstance(value, Decimal):
        whole, _, decimals = f"{value:f}".partition(".")
        return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
    return None if value is None else str(value)
