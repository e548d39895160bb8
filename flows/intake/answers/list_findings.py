"""What was found in a table: cells that do not read, rows that fail a rule, things of the file.

Makes `kept_findings` in the table's workspace.
"""

from collections.abc import Sequence

import duckdb

from expectations.suite import Rule, RuleHead, built_in_rules
from flows.returns.column_help import how_to_write
from flows.returns.contract import Table
from flows.returns.covered_periods import Covered
from flows.returns.rows import MERGED, RawRows

BUILT_IN = built_in_rules()


def list_findings(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    raw: RawRows,
    covered: Covered,
    failed: Sequence[Rule],
) -> None:
    """List every finding: cells that do not read, rows that fail a rule, things of the file."""
    connection.execute(
        "create or replace table kept_findings (_period varchar, _sheet varchar, _row bigint, "
        '"column" varchar, "value" varchar, rule varchar, rule_version integer, '
        "severity varchar, dimension varchar, fixed_by varchar, owner varchar, message varchar)"
    )
    _find_unread(connection, table)
    _insert(
        connection,
        BUILT_IN["text_names_no_contacts"],
        'select d._period, c._sheet, c._row, c."column", null as "value" '
        "from cleaned_cells as c join dated_rows as d using (_sheet, _row) where d._kind = 'row'",
    )
    _insert(
        connection,
        BUILT_IN["row_fits_its_header"],
        'select d._period, u._sheet, u._row, null as "column", null as "value" '
        "from unread_cells as u join dated_rows as d using (_sheet, _row) where u.\"column\" = ''",
    )
    _find_converted(connection)
    _find_coded(connection)
    for rule in failed:
        _find_failures(connection, table, raw, rule)
    _find_in_file(connection, raw, covered)
    if table.money:
        _find_wrong_totals(connection, table.money)


def _insert(
    connection: duckdb.DuckDBPyConnection,
    rule: RuleHead,
    rows: str,
    message: str = "",
    message_sql: str = "$message",
    severity: str = "",
    **values: object,
) -> None:
    """Add a finding of the rule for each of `rows`: SQL of `_period`, `_sheet`, `_row`, `column`
    and `value`, which may ask for `values`. `message_sql` may ask these, and all of `rows`."""
    connection.execute(
        f"""
        insert into kept_findings
        select _period, _sheet, _row, "column", "value", $rule, $version, $severity, $dimension,
               $fixed_by, $owner, {message_sql}
        from ({rows})
        """,
        {
            "rule": rule.id,
            "version": rule.version,
            "severity": severity or rule.severity,
            "dimension": rule.dimension,
            "fixed_by": rule.fixed_by,
            "owner": rule.owner,
            "message": message or rule.because,
            **values,
        },
    )


def _find_unread(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    unread = connection.execute('select distinct "column" from unread_cells').fetchall()
    rule = BUILT_IN["cell_reads"]
    for column in table.columns:
        how = how_to_write(column)
        if (column.name,) not in unread:
            continue
        is_lost = column.if_unreadable == "quarantine"
        then = "; the row is left out until then" if is_lost else ""
        text = "u.text" if table.shows(column) else "null"
        _insert(
            connection,
            rule,
            f'select d._period, u._sheet, u._row, u."column", {text} as "value", u.text '
            "from unread_cells as u join dated_rows as d using (_sheet, _row) "
            'where u."column" = $column',
            rule.says(how=how or "what its column holds", then=then),
            "case when starts_with(text, '=') then $formula "
            f"when starts_with(text, '{MERGED}') then $merged else $message end",
            rule.severity if is_lost else "warn",
            column=column.name,
            formula=rule.message_of_formula.format(then=then),
            merged=rule.message_of_merged.format(then=then),
        )


def _find_converted(connection: duckdb.DuckDBPyConnection) -> None:
    """A sum in another currency that became pounds, as it was."""
    rule = BUILT_IN["sum_is_converted"]
    _insert(
        connection,
        rule,
        'select d._period, c._sheet, c._row, c."column", c."value", c.currency, c.month, c.rate '
        "from converted_cells as c join dated_rows as d using (_sheet, _row)",
        rule.message,
        "replace(replace(replace($message, '{currency}', currency), '{month}', month), "
        "'{rate}', rate)",
    )


def _find_coded(connection: duckdb.DuckDBPyConnection) -> None:
    """A measure by another framework's code: what it was read as, or what it may mean."""
    for name, which in [
        ("code_of_a_framework_is_read", "is not null"),
        ("code_names_one_measure", "is null"),
    ]:
        rule = BUILT_IN[name]
        _insert(
            connection,
            rule,
            'select d._period, c._sheet, c._row, c."column", c."value", c.framework, c.choices '
            "from coded_cells as c join dated_rows as d using (_sheet, _row) "
            f"where c.measure {which}",
            rule.message,
            "replace(replace($message, '{framework}', framework), '{choices}', choices)",
        )


def _find_failures(
    connection: duckdb.DuckDBPyConnection, table: Table, raw: RawRows, rule: Rule
) -> None:
    is_shown = (
        not rule.hides_value
        and rule.points_to in raw.columns
        and table.shows(table.column(rule.points_to or ""))
    )
    value = f'left(r."{rule.points_to}", 200)' if is_shown else "null"
    _insert(
        connection,
        rule,
        f'select d._period, f._sheet, f._row, $column as "column", {value} as "value" '
        "from failed_rows as f join dated_rows as d using (_sheet, _row) "
        "join raw_rows as r using (_sheet, _row) where f.rule = $rule",
        column=rule.points_to,
    )


def _find_in_file(connection: duckdb.DuckDBPyConnection, raw: RawRows, covered: Covered) -> None:
    periods = " and ".join(covered.periods)
    found: dict[str, dict[str, object]] = {}
    if raw.unknown:
        found["columns_are_known"] = {"names": ", ".join(name[:60] for name in raw.unknown)}
    if raw.left_out:
        found["sheets_are_known"] = {"names": ", ".join(name[:60] for name in raw.left_out)}
    if raw.hidden:
        found["sheets_are_seen"] = {"names": ", ".join(name[:60] for name in raw.hidden)}
    if raw.unpaired:
        found["awards_are_paired"] = {"names": ", ".join(name[:60] for name in raw.unpaired)}
    if covered.stray_rows:
        found["dates_lie_in_the_period"] = {"rows": covered.stray_rows, "periods": periods}
    if covered.name_disagrees:
        found["name_agrees_with_dates"] = {"periods": periods}
    for name, values in found.items():
        place = (raw.sheet, raw.headers[0].row)
        if name == "dates_lie_in_the_period" and covered.first_stray:
            place = covered.first_stray
        _insert(
            connection,
            BUILT_IN[name],
            "select $period as _period, $sheet as _sheet, $header as _row, "
            'null as "column", null as "value"',
            BUILT_IN[name].says(**values),
            period=covered.default,
            sheet=place[0],
            header=place[1],
        )


def _find_wrong_totals(connection: duckdb.DuckDBPyConnection, money: str) -> None:
    """A total in the file that is not what stands above it (or since the total before)."""
    if not connection.execute("select 1 from typed_rows where _kind = 'totals' limit 1").fetchone():
        return
    rule = BUILT_IN["total_adds_up"]
    _insert(
        connection,
        rule,
        f"""
        select _period, _sheet, _row, '{money}' as "column", cast(total as varchar) as "value",
               above
        from (
            select _period, _sheet, _row, _kind, "{money}" as total,
                   sum(case when _kind = 'row' then "{money}" end) over up_to_here as above,
                   sum(case when _kind = 'row' then "{money}" end) over (
                       partition by _sheet, totals_before order by _row) as since
            from (
                select *, count(*) filter (where _kind = 'totals') over (
                    partition by _sheet order by _row
                    rows between unbounded preceding and 1 preceding) as totals_before
                from dated_rows
            )
            window up_to_here as (partition by _sheet order by _row)
        )
        where _kind = 'totals' and total is distinct from above and total is distinct from since
        """,
        rule.message,
        "replace($message, '{sum}', cast(above as varchar))",
    )
