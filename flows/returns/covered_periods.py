"""For which periods a file speaks, by what was given, by its dates and by its name."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from flows.common.errors import Rejected
from flows.common.periods import Period, period_of, read_period
from flows.returns.contract import Contract
from flows.returns.identity import Owner


@dataclass(frozen=True)
class Covered:
    """The labels of the periods a file covers, which month counts in which, and where it said so.

    `stray_rows`: rows dated outside these periods, counted in the nearest; `first_stray`: the sheet
    and row of the first. `name_disagrees`: the file's name speaks of another period than its dates.
    """

    periods: list[str]
    of_month: dict[str, str]
    default: str
    stray_rows: int
    name_disagrees: bool
    first_stray: tuple[str, int] | None = None


def cover(
    connection: duckdb.DuckDBPyConnection, contract: Contract, owner: Owner, file_name: str
) -> Covered:
    """The periods of `typed_rows`. Also makes the view `dated_rows`: `typed_rows` with `_period`.

    What the command line says decides; then the dates, with the file's name to settle strays;
    then the name alone. Raises Rejected if nothing says, or if the dates contradict what was given.
    """
    counted = _months(connection, contract)
    months = {month: rows for month, rows in counted.items() if "1900" <= month < "3000"}
    given, named = owner.given_period, owner.name_period
    disagrees = False
    if given is not None:
        periods = _within(given, contract)
        if months and sum(n for m, n in months.items() if m in given.months) * 2 < sum(
            months.values()
        ):
            fullest = max(months, key=lambda month: months[month])
            inside = sum(n for m, n in months.items() if m in given.months)
            raise Rejected(
                "identify",
                f"{file_name}: told to be for {given.label}, but only {inside} of "
                f"{sum(months.values())} dates in column {contract.period.column} lie in it (most "
                f"in {fullest}): check the period, or the column.",
            )
    elif months:
        inside = sum(n for m, n in months.items() if named and m in named.months)
        disagrees = named is not None and inside * 2 < sum(months.values())
        if named is not None and not disagrees:
            periods = _within(named, contract)
        else:
            periods = _by_dates(months, contract)
    elif named is not None:
        periods = _within(named, contract)
    else:
        raise Rejected(
            "identify",
            f"{file_name} does not say for which {contract.period.every} it is: call it "
            "<sender>_<period>.csv, for example northmoor_2022-04.csv, or give --period.",
        )
    if not months and len(periods) > 1:
        raise Rejected(
            "identify",
            f"{file_name} is said to be for several {contract.period.every}s ({periods[0].label} "
            f"to {periods[-1].label}) and its rows have no dates: send a file for each.",
        )
    beyond = sum(counted.values()) - sum(months.values())  # such as the year 0022, or 9999
    return _settle(connection, contract, months, periods, disagrees, beyond)


def date_alike(connection: duckdb.DuckDBPyConnection, covered: Covered) -> None:
    """Make `dated_rows` of a further table: its rows are for the period that the file is for."""
    connection.execute(
        f"create or replace view dated_rows as select *, '{covered.default}' as _period "
        "from typed_rows"
    )


def _settle(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    months: dict[str, int],
    periods: Sequence[Period],
    disagrees: bool,
    stray: int,
) -> Covered:
    """Give every month its period; a month outside them all goes to the nearest."""
    of_month: dict[str, str] = {}
    for month, rows in months.items():
        own = next((p for p in periods if month in p.months), None)
        if own is None:
            stray += rows
            own = min(periods, key=lambda p: _apart(month, p))
        of_month[month] = own.label
    if months:  # a long span may be given of which only some periods have rows
        periods = [p for p in periods if p.label in of_month.values()]
    weight = {p.label: sum(n for m, n in months.items() if of_month[m] == p.label) for p in periods}
    default = max(weight, key=lambda label: weight[label])
    _make_view(connection, contract, of_month, default, len(periods) == 1)
    labels = [p.label for p in periods]
    first = _first_stray(connection, contract, periods) if stray else None
    return Covered(labels, of_month, default, stray, disagrees, first)


def _first_stray(
    connection: duckdb.DuckDBPyConnection, contract: Contract, periods: Sequence[Period]
) -> tuple[str, int] | None:
    """The sheet and row of the first row dated outside the periods."""
    outside = is_outside(contract, [period.label for period in periods])
    row = connection.execute(
        f"select _sheet, _row from typed_rows where _kind = 'row' and {outside} "
        "order by _sheet, _row limit 1"
    ).fetchone()
    return (str(row[0]), int(row[1])) if row else None


def is_outside(contract: Contract, labels: Sequence[str]) -> str:
    """Whether a row is dated outside the periods of these labels, in SQL; null without a date."""
    months = [f"'{month}'" for label in labels for month in read_period(label).months]
    return f"{month_of(contract)} not in ({', '.join(months)})"


def _months(connection: duckdb.DuckDBPyConnection, contract: Contract) -> dict[str, int]:
    """How many rows the period column puts in each month; empty where there is no such column."""
    if contract.period.column is None or "column" not in contract.period.read_from:
        return {}
    month = month_of(contract)
    counted = connection.execute(
        f"select {month} as month, count(*) from typed_rows "
        f"where _kind = 'row' and {month} is not null group by month order by month"
    ).fetchall()
    return {str(month): int(rows) for month, rows in counted}


def month_of(contract: Contract) -> str:
    """The month that a row's period column is of, as 2022-04, in SQL."""
    name = f'"{contract.period.column}"'
    is_date = contract.column(contract.period.column or "").type == "date"
    return f"strftime({name}, '%Y-%m')" if is_date else name


def _within(whole: Period, contract: Contract) -> list[Period]:
    """The contract's own kind of periods inside `whole` (or the one around it)."""
    firsts = [read_period(month).first_day for month in whole.months]
    return sorted({period_of(day, contract.period.every) for day in firsts})


def _by_dates(months: dict[str, int], contract: Contract) -> list[Period]:
    """The periods that hold a fair share of the rows; the others are stray dates."""
    counted: dict[Period, int] = {}
    for month, rows in months.items():
        period = period_of(read_period(month).first_day, contract.period.every)
        counted[period] = counted.get(period, 0) + rows
    enough = max(counted.values()) * contract.period.own_share
    return sorted(period for period, rows in counted.items() if rows >= enough)


def _apart(month: str, period: Period) -> int:
    """How many months lie between `month` and the period."""
    day = read_period(month).first_day
    return min(
        abs((day.year - first.year) * 12 + day.month - first.month)
        for first in (read_period(m).first_day for m in period.months)
    )


def _make_view(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    of_month: dict[str, str],
    default: str,
    single: bool,
) -> None:
    period = f"'{default}'"
    if not single:
        pairs = " ".join(f"when '{month}' then '{label}'" for month, label in of_month.items())
        period = f"case {month_of(contract)} {pairs} else '{default}' end"
    connection.execute(
        f"create or replace view dated_rows as select *, {period} as _period from typed_rows"
    )
