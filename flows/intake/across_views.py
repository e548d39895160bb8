"""What suites across returns may ask: landed rows in force, what is owed, the seeds.

Everything is a view or a small table of the reading connection; nothing of the warehouse changes.
"""

from collections.abc import Iterable
from importlib.resources import files

import duckdb
import pyarrow as pa

from flows.common import clock
from flows.common.periods import read_period
from flows.common.seeds import load_seeds
from flows.common.settings import Settings
from flows.returns.contract import Contract
from flows.returns.derive import landed_columns
from flows.warehouse.in_force import IN_FORCE
from flows.warehouse.slots import status_of

ALWAYS = ["measures", "measure_aliases"]  # what the shared views ask


def make_views(
    connection: duckdb.DuckDBPyConnection,
    contracts: dict[str, Contract],
    seeds: Iterable[str],
    settings: Settings,
) -> set[str]:
    """Make what the batches ask, over the warehouse attached to `connection`.

    `returns_in_force`, with `first_day` and `last_day`; a view for each table of each contract: the
    rows in force, with `_sender`, `_period`, `_part`, `_first_day` and `_last_day` of their return;
    `owed`: what was due, and how late it came; `seeds.<name>`; `expectations/across_views.sql`.

    Returns the tables of which rows have ever landed; the others are there, and empty.
    """
    load_seeds(connection, {*seeds, *ALWAYS}, settings.seeds)
    _make_returns(connection)
    _make_owed(connection, settings)
    there = _landed(connection)
    for contract in contracts.values():
        for name, table in contract.tables.items():
            _make_rows(connection, name, landed_columns(table.columns), there.get(name, set()))
    connection.execute(
        files("expectations").joinpath("across_views.sql").read_text(encoding="utf-8")
    )
    return set(there)


def _make_returns(connection: duckdb.DuckDBPyConnection) -> None:
    labels = [
        str(row[0])
        for row in connection.execute(
            "select distinct period from warehouse.ledger.returns where period <> ''"
        ).fetchall()
    ]
    periods = [read_period(label) for label in labels]
    days = {
        "period": pa.array(labels, pa.string()),
        "first_day": pa.array([period.first_day for period in periods], pa.date32()),
        "next_day": pa.array([period.end for period in periods], pa.date32()),
    }
    connection.register("period_days", pa.table(days))
    connection.execute(
        "create or replace table periods as "
        "select period, first_day, next_day - 1 as last_day from period_days"
    )
    connection.unregister("period_days")
    connection.execute(
        "create or replace view returns_in_force as select r.*, p.first_day, p.last_day "
        f"from ({IN_FORCE}) as r left join periods as p on p.period = r.period"
    )


def _make_owed(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """What is owed by now, and how it stands; only what is over and was due."""
    rows = [row for row in status_of(connection, settings) if row["due"] is not None]
    names = ("return", "sender", "period", "part", "due", "outcome")
    columns = {name: pa.array([str(row[name]) for row in rows], pa.string()) for name in names}
    late = pa.array([row["late_days"] for row in rows], pa.int64())
    connection.register("owed_rows", pa.table({**columns, "late_days": late}))
    connection.execute(
        "create or replace table owed as select * replace (cast(due as date) as due), "
        "date_diff('day', cast(due as date), ?) as overdue_days from owed_rows",
        [clock.now().date()],
    )
    connection.unregister("owed_rows")


def _landed(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The tables of returns that have landed, and their columns."""
    rows = connection.execute(
        "select table_name, list(column_name) from duckdb_columns() "
        "where database_name = 'warehouse' and schema_name = 'landed' group by table_name"
    ).fetchall()
    return {str(name): set(columns) for name, columns in rows}


def _make_rows(
    connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], there: set[str]
) -> None:
    """The rows in force of one table; a column or table that has not landed yet is empty."""
    selected = ", ".join(
        f'l."{column}"' if column in there else f'null::{kind} as "{column}"'
        for column, kind in columns.items()
    )
    landed = (
        f"warehouse.landed.{name}"
        if there
        else "(select null::varchar as _return_id, '' as _sheet, 0::bigint as _row where false)"
    )
    connection.execute(
        f"create or replace view {name} as select {selected}, l._return_id, l._sheet, l._row, "
        "r.sender as _sender, r.period as _period, r.part as _part, r.first_day as _first_day, "
        f"r.last_day as _last_day from {landed} as l "
        "join returns_in_force as r on r.return_id = l._return_id"
    )
