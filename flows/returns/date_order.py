"""Whether a column's dates put the day or the month first."""

import duckdb

from flows.common.errors import Rejected
from flows.common.periods import Period
from flows.returns.column import Column
from flows.returns.contract import Contract, Table

CELLS_NAMED = 5  # how many cells a rejection names
FAIR_SHARE = 0.25  # three days in five are above 12, and say their order


def puts_month_first(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    table: Table,
    file_name: str,
    expected: Period | None = None,
) -> bool:
    """Whether the column's dates put the month first: the contract's order, unless they say.

    `expected`: the period that the file is said to be for; of two orders that the dates allow, the
    one that puts more of them in it. Reads the texts of the column in `texts_<column>`. Raises
    Rejected where some of them can only be day first and others only month first.
    """
    cells = f"""
        select min(_row) as _row, any_value(_text) as _text, count(*) as rows,
               first_number(_day) as one, second_number(_day) as two
        from raw_rows
        join (select _cell, _text, day_text(_text) as _day from "texts_{column.name}")
          on _cell = "{column.name}"
        where two_slashes(_day) group by _day
    """
    day_first = connection.execute(
        f"select _text, _row, rows from ({cells}) where one > 12 and two <= 12 order by _row"
    ).fetchall()
    month_first = connection.execute(
        f"select _text, _row, rows from ({cells}) where two > 12 and one <= 12 order by _row"
    ).fetchall()
    if day_first and month_first:
        fewer, more = sorted([day_first, month_first], key=len)
        shown = table.shows(column)
        named = [
            f"{text} in row {row}" if shown else f"row {row}"
            for text, row, _ in [*fewer[:CELLS_NAMED], more[0]]
        ]
        raise Rejected(
            "type",
            f"{file_name}: column {column.name} mixes day first and month first "
            f"({', '.join(named[:-1])}; but {named[-1]}): write all dates as dd/mm/yyyy.",
        )
    against, own = (month_first, day_first) if table.day_first else (day_first, month_first)
    speaks = isinstance(table, Contract) and table.period.column == column.name
    if speaks and expected is not None and not own:
        as_days, as_months = (
            _in_period(connection, column, expected, order) for order in ("false", "true")
        )
        if as_days != as_months:
            return as_months > as_days
    if not against:
        return not table.day_first
    swap = sum(rows for _, _, rows in against)
    return (not table.day_first) ^ _swaps(connection, column, table, cells, swap)


def _in_period(
    connection: duckdb.DuckDBPyConnection, column: Column, period: Period, month_first: str
) -> int:
    """How many rows the column puts in the period, read in that order."""
    row = connection.execute(
        f"""
        select count(*) from raw_rows join "texts_{column.name}" on _cell = "{column.name}"
        where two_slashes(day_text(_text)) and list_contains(
            $months, strftime(read_day(day_text(_text), {month_first}), '%Y-%m'))
        """,
        {"months": list(period.months)},
    ).fetchone()
    return int(row[0]) if row else 0


def _swaps(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    table: Table,
    cells: str,
    against: int,
) -> bool:
    """Whether dates that read in the other order alone speak for the column, or are mistakes.

    Of a column that says for when the return is: the order that puts more rows in one month. Of
    another, and where both do alike: the other order if a fair share of the dates demand it.
    """
    by_month = "coalesce(max(rows), 0) from (select sum(rows) as rows"
    day_months, month_months = (
        int(row[0])
        for row in (
            connection.execute(
                f"select {by_month} from ({cells}) where {month} <= 12 group by {month})"
            ).fetchone()
            or (0,)
            for month in ("two", "one")
        )
    )
    own, other = (day_months, month_months) if table.day_first else (month_months, day_months)
    if isinstance(table, Contract) and table.period.column == column.name and own != other:
        return other > own
    row = connection.execute(f"select sum(rows) from ({cells})").fetchone()
    return against >= FAIR_SHARE * int(row[0] if row else 0)
