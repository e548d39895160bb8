"""Judge returns beside each other: control totals against payments, and what else comes to be.

Runs after every keep and every confirmation. It changes no loaded row; what it finds is kept in a
transaction of its own, and what it no longer finds is marked as cleared.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from expectations.suite import Rule, Suite
from flows import clock
from flows.settings import Settings
from flows.warehouse import door
from flows.warehouse.standing import IN_FORCE


@dataclass(frozen=True)
class Across:
    """A finding about several returns: which return it points to, and where."""

    finding_id: str
    return_id: str
    row: int
    rule: Rule
    value: str | None


def judge_across(suites: dict[str, Suite], settings: Settings) -> int:
    """Run every suite across returns; returns how many of its findings are open."""
    open_now = 0
    for suite in suites.values():
        if suite.batch is not None:
            found = _look(suite, settings)
            open_now += len(found)
            _keep(suite, found, settings)
    return open_now


def _look(suite: Suite, settings: Settings) -> list[Across]:
    from expectations.judge import judge

    with door.reading(settings) as connection:
        connection.execute(f"create view returns_in_force as {IN_FORCE}")
        for name in _landed(connection):
            connection.execute(
                f"create view {name} as select landed.* from warehouse.landed.{name} as landed "
                "join returns_in_force as standing on standing.return_id = landed._return_id"
            )
        try:
            connection.execute(f"create table across_batch as {suite.batch}")
        except duckdb.CatalogException:
            return []  # none of the returns it speaks of has come yet
        judge(connection, suite, "across_batch")
        found: list[Across] = []
        for rule in suite.rules:
            value = f'cast("{rule.column}" as varchar)' if rule.column else "null"
            rows = connection.execute(
                f"select left(sha256(concat_ws('|', b.return_id, f.rule, $version, b._row)), 12), "
                f"b.return_id, b._row, {_value(connection, value, rule)} "
                "from failed_rows as f join across_batch as b using (_sheet, _row) "
                "where f.rule = $rule order by b.return_id, b._row",
                {"rule": rule.id, "version": rule.version},
            ).fetchall()
            found += [Across(row[0], row[1], int(row[2]), rule, row[3]) for row in rows]
    return found


def _value(connection: duckdb.DuckDBPyConnection, value: str, rule: Rule) -> str:
    names = {str(row[0]) for row in connection.execute("describe across_batch").fetchall()}
    return value if rule.column in names else "null"


def _landed(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'warehouse' "
        "and schema_name = 'landed' order by table_name"
    ).fetchall()
    return [str(row[0]) for row in rows]


def _keep(suite: Suite, found: list[Across], settings: Settings) -> None:
    """Bring the open findings of the suite's rules to what was found; touch nothing if they are."""
    rules = [rule.id for rule in suite.rules]
    with door.reading(settings) as connection:
        before = _open(connection, rules)
    if before == {one.finding_id for one in found}:
        return
    at = clock.now()
    with door.scratch(settings) as connection, door.writing(settings, connection):
        before = _open(connection, rules)
        now = {one.finding_id: one for one in found}
        for gone in sorted(before - now.keys()):
            connection.execute(
                "update warehouse.ledger.findings set cleared_at = ? "
                "where finding_id = ? and cleared_at is null",
                [at, gone],
            )
        for name in sorted(now.keys() - before):
            _insert(connection, now[name], at)


def _open(connection: duckdb.DuckDBPyConnection, rules: list[str]) -> set[str]:
    rows = connection.execute(
        "select finding_id from warehouse.ledger.findings "
        "where cleared_at is null and list_contains(?, rule)",
        [rules],
    ).fetchall()
    return {str(row[0]) for row in rows}


def _insert(connection: duckdb.DuckDBPyConnection, one: Across, at: datetime) -> None:
    rule = one.rule
    connection.execute(
        """
        insert into warehouse.ledger.findings
        select ?, return_id, attempt, "return", '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null
        from warehouse.ledger.returns where return_id = ? order by attempt desc limit 1
        """,
        [
            one.finding_id,
            one.row,
            rule.column,
            one.value,
            rule.id,
            rule.version,
            rule.severity,
            rule.dimension,
            rule.fixed_by,
            rule.owner,
            rule.because,
            at,
            one.return_id,
        ],
    )
