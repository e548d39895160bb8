"""Judge returns beside each other: control totals against payments, claims against promises.

Runs after every keep and every confirmation. It changes no loaded row; what it finds is kept in a
transaction of its own, and what it no longer finds is marked as cleared.
"""

from collections.abc import Iterable, Mapping
from importlib.resources import files

import duckdb
import pyarrow as pa

from expectations.suite import Rule, Suite
from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.periods import read_period
from flows.common.seeds import load_seeds
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.returns.contract import Contract
from flows.returns.derive import landed_columns
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.digests import of_found
from flows.warehouse.findings import Finding, id_of, insert_each
from flows.warehouse.in_force import IN_FORCE
from flows.warehouse.slots import status_of


def judge_across(rules: Rules, settings: Settings) -> int:
    """Run every suite across returns; returns how many of its findings are open."""
    suites = [suite for suite in rules.suites.values() if suite.batch is not None]
    asked = [rule.id for suite in suites for rule in suite.rules]
    with reading(settings) as connection:
        before = _open(connection, asked)
        landed = make_views(
            connection, rules.contracts, {s for x in suites for s in x.seeds}, settings
        )
        now = {
            one.finding_id: one
            for suite in suites
            if set(suite.needs) <= landed
            for one in look(connection, suite)
        }
    if before != now.keys():
        _keep(asked, now, settings)
    return len(now)


def look(connection: duckdb.DuckDBPyConnection, suite: Suite) -> list[Finding]:
    """What a suite finds in the views of the warehouse. Raises JudgeError."""
    from expectations.judge import judge
    from expectations.suite import JudgeError

    try:
        connection.execute(
            "create or replace table across_batch as "
            "select return_id || '|' || _sheet as _sheet, _sheet as sheet, * exclude (_sheet) "
            f"from ({suite.batch})"
        )
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise JudgeError(f"suite {suite.suite}: its batch is not SQL: {error}") from None
    except duckdb.Error:  # which may quote a cell
        raise JudgeError(f"suite {suite.suite}: its batch cannot be made of these rows.") from None
    if not connection.execute("select 1 from across_batch limit 1").fetchone():
        return []
    judge(connection, suite, "across_batch")
    return [one for rule in suite.rules for one in _failures(connection, rule)]


def _failures(connection: duckdb.DuckDBPyConnection, rule: Rule) -> list[Finding]:
    names = {str(row[0]) for row in connection.execute("describe across_batch").fetchall()}
    cell = rule.shows or (f'b."{rule.column}"' if rule.column in names else "null")
    value = "null" if rule.hides_value else f"left(cast({cell} as varchar), 200)"
    owed = 'b."return"' if "return" in names else "split_part(b.return_id, '-', 1)"
    name = id_of("b.return_id", "f.rule", "$version", "nullif(b.sheet, '')", "b._row")
    rows = connection.execute(
        f"select {name}, b.return_id, {owed}, b.sheet, nullif(b._row, 0), {value} "
        "from failed_rows as f join across_batch as b using (_sheet, _row) "
        "where f.rule = $rule order by b.return_id, b.sheet, b._row",
        {"rule": rule.id, "version": rule.version},
    ).fetchall()
    return [
        Finding(
            finding_id,
            return_id,
            return_name,
            rule,
            rule.because,
            sheet=sheet,
            row=row,
            column=rule.column,
            value=value,
        )
        for finding_id, return_id, return_name, sheet, row, value in rows
    ]


def _keep(asked: list[str], now: Mapping[str, Finding], settings: Settings) -> None:
    """Bring the open findings of the rules asked to what was found.

    They are of no one judgement, so their attempt is 0: what was kept of a return stays as it was.
    """
    with open_scratch(settings) as connection, writing(settings, connection):
        at = clock.now()
        before = _open(connection, asked)
        gone, new = sorted(before - now.keys()), sorted(now.keys() - before)
        connection.execute(
            "update warehouse.ledger.findings set cleared_at = ? "
            "where list_contains(?, finding_id) and cleared_at is null",
            [at, gone],
        )
        insert_each(connection, [now[name] for name in new], at)
        detail = {"found": new, "cleared": gone, "digests": of_found(connection, new, at)}
        ledger.append(connection, "compared", "returns", detail, at)


def _open(connection: duckdb.DuckDBPyConnection, rules: list[str]) -> set[str]:
    rows = connection.execute(
        "select finding_id from warehouse.ledger.findings "
        "where cleared_at is null and list_contains(?, rule)",
        [rules],
    ).fetchall()
    return {str(row[0]) for row in rows}


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
    load_seeds(connection, {*seeds, *ALWAYS}, places_in_use(settings).seeds)
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
