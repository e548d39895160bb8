"""Judge a return's rows, and sort them into loaded, quarantined and dropped, each with its why.

Makes, in each table's workspace of the scratch database, what `flows.warehouse.keep` keeps:
`kept_rows`, `kept_quarantined`, `kept_dropped`, `kept_findings` and `kept_checks`.

A row's place, `_sheet` and `_row`, is never null: `not in` asks for it once, where DuckDB would
gather the places of all rows for a `not exists`.
"""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from expectations.suite import Rule, Suite
from flows.common.errors import Rejected
from flows.intake.answers.list_findings import list_findings
from flows.returns.contract import Table
from flows.returns.covered_periods import Covered
from flows.returns.rows import RawRows

NAMED = 5  # how many rows a rejection names


def show_readable(connection: duckdb.DuckDBPyConnection, raw: RawRows) -> None:
    """Make the view `readable_rows` in a table's workspace: what its suite judges."""
    lacks = " ".join(sorted(raw.lacks))
    connection.execute(
        f"create or replace view readable_rows as select *, '' as _file, '{lacks}' as _lacks "
        "from dated_rows where _kind = 'row' "
        "and (_sheet, _row) not in "
        "(select _sheet, _row from unread_cells where if_unreadable = 'quarantine') "
        "and (_sheet, _row) not in (select _sheet, _row from coded_cells where measure is null)"
    )


def sort_judged(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    suite: Suite,
    raw: RawRows,
    covered: Covered,
    file_name: str,
) -> int:
    """Sort all rows of a table by what its suite said of them (`failed_rows` in its workspace).

    Returns how many rules failed. Raises Rejected where a `reject` rule did.
    """
    rows = connection.execute("select distinct rule from failed_rows").fetchall()
    named = {str(rule) for (rule,) in rows}
    failed = [rule for rule in suite.rules if rule.id in named]
    list_findings(connection, table, raw, covered, failed)
    _sort(connection, table, raw, covered, failed)
    _check(connection, suite)
    for rule in failed:
        if rule.severity == "reject":
            raise Rejected("judge", _why_rejected(connection, rule, file_name))
    return len(failed)


def gather(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Put what was judged in each table's workspace together, for all but the rows themselves."""
    for kept in ("kept_quarantined", "kept_dropped", "kept_findings", "kept_checks"):
        parts = " union all ".join(f'select * from "{name}".{kept}' for name in tables)
        connection.execute(f"create or replace view {kept} as {parts}")


def _sort(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    raw: RawRows,
    covered: Covered,
    failed: Sequence[Rule],
) -> None:
    quarantining = [rule.id for rule in failed if rule.severity == "quarantine"]
    amount = f'd."{table.money}"' if table.money else "null::decimal(18, 2)"
    connection.execute(
        f"""
        create or replace table kept_quarantined as
        select d._period, b._sheet, b._row, any_value({amount}) as amount,
               string_agg(distinct b.rule, ', ' order by b.rule) as rules
        from (
            select _sheet, _row,
                   case "column" when '' then 'row_fits_its_header' else 'cell_reads' end as rule
            from unread_cells
            where if_unreadable = 'quarantine'
            union all
            select _sheet, _row, 'code_names_one_measure' from coded_cells where measure is null
            union all
            select _sheet, _row, rule from failed_rows where list_contains($rules, rule)
        ) as b join dated_rows as d using (_sheet, _row)
        group by d._period, b._sheet, b._row
        """,
        {"rules": quarantining},
    )
    connection.execute(
        f"""
        create or replace table kept_dropped as
        select '{covered.default}' as _period, _sheet, _row,
               {amount.replace("d.", "")} as amount, _kind as why
        from typed_rows where _kind <> 'row'
        """
    )
    if raw.aside:
        connection.register("aside", pa.Table.from_pylist([vars(one) for one in raw.aside]))
        connection.execute(
            'insert into kept_dropped select $period, sheet, "row", null, why from aside',
            {"period": covered.default},
        )
        connection.unregister("aside")
    connection.execute(
        "create or replace view kept_rows as select * from dated_rows where _kind = 'row' "
        "and (_sheet, _row) not in (select _sheet, _row from kept_quarantined)"
    )


def _check(connection: duckdb.DuckDBPyConnection, suite: Suite) -> None:
    """What each rule said, for each period."""
    connection.execute(
        "create or replace table kept_checks (_period varchar, rule varchar, rule_version integer, "
        "severity varchar, dimension varchar, outcome varchar, applied_to bigint, "
        "failed_rows bigint)"
    )
    if not suite.rules:
        return
    asked = pa.table(
        {
            "place": list(range(len(suite.rules))),
            "rule": [rule.id for rule in suite.rules],
            "version": [rule.version for rule in suite.rules],
            "severity": [rule.severity for rule in suite.rules],
            "dimension": [rule.dimension for rule in suite.rules],
        }
    )
    counts = ", ".join(
        f"count(*) filter (where {rule.speaks_of.replace('{batch}', 'readable_rows')})"
        for rule in suite.rules
    )
    connection.register("suite_rules", asked)
    connection.execute(
        f"""
        insert into kept_checks
        with counted as (
            select _period, [{counts}] as applied from readable_rows group by _period
        ),
        failed as (
            select d._period, x.rule, count(*) as failed
            from failed_rows as x join dated_rows as d using (_sheet, _row) group by all
        )
        select counted._period, r.rule, r.version, r.severity, r.dimension,
               case when coalesce(failed.failed, 0) > 0 then 'failed'
                    when counted.applied[r.place + 1] > 0 then 'passed' else 'not applicable' end,
               counted.applied[r.place + 1], coalesce(failed.failed, 0)
        from counted cross join suite_rules as r
        left join failed on failed._period = counted._period and failed.rule = r.rule
        """
    )
    connection.unregister("suite_rules")


def _why_rejected(connection: duckdb.DuckDBPyConnection, rule: Rule, file_name: str) -> str:
    rows = connection.execute(
        "select _row from failed_rows where rule = ? order by _row limit ?", [rule.id, NAMED]
    ).fetchall()
    named = ", ".join(str(row[0]) for row in rows)
    column = f", column {rule.points_to}" if rule.points_to else ""
    return f"{file_name}, row {named}{column}: {rule.because}"


def expect_some_row(connection: duckdb.DuckDBPyConnection, file_name: str) -> None:
    """Raises Rejected where no row is left to load, naming the commonest reason."""
    if connection.execute("select 1 from kept_rows limit 1").fetchone():
        return
    worst = connection.execute(
        'select message, count(*), min(_row), any_value("column") from kept_findings '
        "where severity = 'quarantine' group by message order by count(*) desc, message limit 1"
    ).fetchone()
    if worst is None:
        raise Rejected("judge", f"{file_name} holds a header and no rows: send the rows too.")
    raise Rejected(
        "judge",
        f"{file_name}: none of its rows can be taken; {worst[1]} of them, the first in row "
        f"{worst[2]}, column {worst[3]}: {worst[0]}",
    )
