"""Judge returns beside each other: control totals against payments, claims against promises.

Runs after every keep and every confirmation. It changes no loaded row; what it finds is kept in a
transaction of its own, and what it no longer finds is marked as cleared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb

from expectations.suite import Rule, Suite
from flows.common import clock
from flows.common.settings import Settings
from flows.intake.across_views import make_views
from flows.intake.take_in import Rules
from flows.warehouse import connection as door
from flows.warehouse import ledger


@dataclass(frozen=True)
class Across:
    """A finding about several returns: which return it points to, and where.

    Of a return that is owed and has not come there is none: `return_id` then names what is owed.
    """

    finding_id: str
    return_id: str
    return_name: str
    sheet: str
    row: int | None
    rule: Rule
    value: str | None


def judge_across(rules: Rules, settings: Settings) -> int:
    """Run every suite across returns; returns how many of its findings are open."""
    suites = [suite for suite in rules.suites.values() if suite.batch is not None]
    asked = [rule.id for suite in suites for rule in suite.rules]
    with door.reading(settings) as connection:
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


def look(connection: duckdb.DuckDBPyConnection, suite: Suite) -> list[Across]:
    """What a suite finds in the views of the warehouse. Raises JudgeError."""
    from expectations.judge import JudgeError, judge

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


def _failures(connection: duckdb.DuckDBPyConnection, rule: Rule) -> list[Across]:
    names = {str(row[0]) for row in connection.execute("describe across_batch").fetchall()}
    shown = rule.shows or (f'b."{rule.column}"' if rule.column in names else "null")
    value = "null" if rule.hides_value else f"left(cast({shown} as varchar), 200)"
    owed = 'b."return"' if "return" in names else "split_part(b.return_id, '-', 1)"
    rows = connection.execute(
        f"select left(sha256(concat_ws('|', b.return_id, f.rule, $version, nullif(b.sheet, ''), "
        f"b._row)), 12), b.return_id, {owed}, b.sheet, nullif(b._row, 0), {value} "
        "from failed_rows as f join across_batch as b using (_sheet, _row) "
        "where f.rule = $rule order by b.return_id, b.sheet, b._row",
        {"rule": rule.id, "version": rule.version},
    ).fetchall()
    return [
        Across(finding_id, return_id, return_name, sheet, row, rule, value)
        for finding_id, return_id, return_name, sheet, row, value in rows
    ]


def _keep(asked: list[str], now: Mapping[str, Across], settings: Settings) -> None:
    """Bring the open findings of the rules asked to what was found.

    They are of no one judgement, so their attempt is 0: what was kept of a return stays as it was.
    """
    at = clock.now()
    with door.scratch(settings) as connection, door.writing(settings, connection):
        before = _open(connection, asked)
        gone, new = sorted(before - now.keys()), sorted(now.keys() - before)
        for name in gone:
            connection.execute(
                "update warehouse.ledger.findings set cleared_at = ? "
                "where finding_id = ? and cleared_at is null",
                [at, name],
            )
        for name in new:
            _insert(connection, now[name], at)
        # Its digest of the ledger's tables holds what was found; each finding points to a return.
        ledger.append(connection, "compared", "returns", {"found": new, "cleared": gone}, at)


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
        select $finding, $return_id, 0, $return_name, $sheet, $row, $column, $value, $rule,
               $version, $severity, $dimension, $fixed_by, $owner, $because, $at, null
        """,
        {
            "finding": one.finding_id,
            "return_id": one.return_id,
            "return_name": one.return_name,
            "sheet": one.sheet,
            "row": one.row,
            "column": rule.column,
            "value": one.value,
            "rule": rule.id,
            "version": rule.version,
            "severity": rule.severity,
            "dimension": rule.dimension,
            "fixed_by": rule.fixed_by,
            "owner": rule.owner,
            "because": rule.because,
            "at": at,
        },
    )
