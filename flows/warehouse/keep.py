"""Keep a judged return: registry, rows, findings, quarantine and outcomes in one transaction.

The scratch database holds `kept_rows` of every table in its workspace (typed rows to load, with
`_period`), and of all tables together `kept_quarantined`, `kept_dropped`, `kept_findings` and
`kept_checks`; here they get their return's id and go in.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

import duckdb

from expectations.suite import built_in_rules
from flows.common import clock
from flows.common.errors import SocialValueError
from flows.warehouse import ledger
from flows.warehouse.digests import columns_of, of_return
from flows.warehouse.filing import Counts, Filing, Kept, Step
from flows.warehouse.findings import Finding, id_of, insert_each, insert_findings
from flows.warehouse.in_force import Slot, in_force, put_in_force, why_hold


class KeptTwice(SocialValueError):
    """The same judgement of a return was to be kept a second time."""


def counts_by_period(
    connection: duckdb.DuckDBPyConnection,
    periods: Iterable[str],
    money: str | None,
    tables: Sequence[str],
) -> dict[str, Counts]:
    """The rows of each period in all tables, and the money in the first, whose column it is."""
    own, *further = tables
    rows = [f'select _period, {_money(money)} as amount from "{own}".kept_rows']
    rows += [f'select _period, {_money(None)} from "{name}".kept_rows' for name in further]
    loaded = _by_period(connection, "count(*), sum(amount)", f"({' union all '.join(rows)})")
    quarantined = _by_period(connection, "count(*), sum(amount)", "kept_quarantined")
    dropped = _by_period(connection, "count(*), null", "kept_dropped")
    nothing: tuple[int, Decimal | None] = (0, None)
    return {
        period: Counts(
            loaded=loaded.get(period, nothing)[0],
            quarantined=quarantined.get(period, nothing)[0],
            dropped=dropped.get(period, nothing)[0],
            amount_total=loaded.get(period, nothing)[1],
            amount_quarantined=quarantined.get(period, nothing)[1],
        )
        for period in periods
    }


def _money(column: str | None) -> str:
    return f'"{column}"' if column else "null::decimal(18, 2)"


def _by_period(
    connection: duckdb.DuckDBPyConnection, what: str, table: str
) -> dict[str, tuple[int, Decimal | None]]:
    rows = connection.execute(f"select _period, {what} from {table} group by _period").fetchall()
    return {str(period): (int(count), amount) for period, count, amount in rows}


def keep(
    connection: duckdb.DuckDBPyConnection,
    filing: Filing,
    counts: dict[str, Counts],
    tables: dict[str, dict[str, str]],
    steps: list[Step],
    hold_share: Decimal,
    doubt: str | None = None,
    parts_owed: Collection[str] = (),
) -> list[Kept]:
    """Keep a filing's returns, inside the open transaction; one for each period in `counts`.

    `tables`: the file's tables, each with its columns and their SQL types. A return that would
    drop too much of the one in force is kept but not put in force: its outcome is `held`; and so
    are all of them where there is a `doubt`. `parts_owed`: '' is the whole.
    """
    _keep_file(connection, filing)
    for name, columns in tables.items():
        make_table(connection, name, columns)
    kept: list[Kept] = []
    for period, count in counts.items():
        slot = Slot(filing.return_name, filing.sender, period, filing.part)
        held = doubt or why_hold(
            in_force(connection, slot), slot, count.loaded, count.amount_total, hold_share
        )
        kept.append(
            Kept(filing.return_id(period), period, "held" if held else "loaded", held, count)
        )
    connection.register("kept_returns", _as_table(connection, kept))
    landed = {name: _going_in(filing, kept, name, columns) for name, columns in tables.items()}
    _land(connection, landed)
    _copy_the_rest(connection, filing)
    for one in kept:
        _register(connection, filing, one)
        _keep_steps(connection, one.return_id, filing, steps)
        detail: dict[str, object] = {
            "sha256": filing.sha256,
            "attempt": filing.attempt,
            "rows": [one.counts.loaded, one.counts.quarantined, one.counts.dropped],
            "amount": one.counts.amount_total,
            "amount_quarantined": one.counts.amount_quarantined,
            "judged_by": filing.judged_by,
        }
        if one.outcome == "held":
            detail["reason"] = one.reason
            rule = "return_is_of_its_period" if doubt else "replacement_keeps_most"
            _finding(connection, filing, one, rule, reason=one.reason, return_id=one.return_id)
        else:
            slot = Slot(filing.return_name, filing.sender, one.period, filing.part)
            detail["replaces"] = put_in_force(
                connection, slot, one.return_id, filing.received_at, "loaded"
            )
        if filing.part and parts_owed and filing.part not in parts_owed:
            _finding(connection, filing, one, "part_is_owed", **_of_part(filing, parts_owed))
        detail["digests"] = _digests(connection, filing, one, landed)
        kind = "held" if one.outcome == "held" else "kept"
        ledger.append(connection, kind, one.return_id, detail, clock.now())
    connection.unregister("kept_returns")
    return kept


def _of_part(filing: Filing, parts_owed: Collection[str]) -> dict[str, str]:
    """What is said of a part that nobody owes: what is, and how the file may be called."""
    owed = sorted(parts_owed)
    head, part, rest = filing.file_name.lower().rpartition(f"_{filing.part}")
    wanted = [f"{head}_{one}{rest}" if one else f"{head}{rest}" for one in owed]
    return {
        "part": filing.part,
        "sender": filing.sender,
        "owed": " and ".join(f"the part {one}" if one else "the whole" for one in owed),
        "file": " or ".join(wanted) if part else "so",
    }


def keep_rejection(
    connection: duckdb.DuckDBPyConnection,
    filing: Filing,
    period: str,
    reason: str,
    steps: list[Step],
) -> Kept:
    """Keep the answer to a rejected file, inside the open transaction; no row of it is loaded."""
    _keep_file(connection, filing)
    one = Kept(filing.return_id(period), period, "rejected", reason, Counts())
    _register(connection, filing, one)
    _keep_steps(connection, one.return_id, filing, steps)
    _finding(connection, filing, one, "return_can_be_taken", reason=reason)
    ledger.append(
        connection,
        "rejected",
        one.return_id,
        {
            "sha256": filing.sha256,
            "attempt": filing.attempt,
            "reason": reason,
            "judged_by": filing.judged_by,
            "digests": _digests(connection, filing, one, {}),
        },
        clock.now(),
    )
    return one


def _digests(
    connection: duckdb.DuckDBPyConnection, filing: Filing, one: Kept, landed: Mapping[str, str]
) -> dict[str, str]:
    return of_return(
        connection, one.return_id, filing.attempt, filing.sha256, filing.received_at, landed
    )


def _keep_file(connection: duckdb.DuckDBPyConnection, filing: Filing) -> None:
    connection.execute(
        "insert into warehouse.ledger.files select $sha256, $size, $at where not exists ("
        "select 1 from warehouse.ledger.files where sha256 = $sha256)",
        {"sha256": filing.sha256, "size": filing.size_bytes, "at": filing.received_at},
    )


def make_table(connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str]) -> None:
    """Make the table that rows land in, or give it the columns its contract has gained."""
    declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    connection.execute(
        f"create table if not exists warehouse.landed.{name} ({declared}, "
        "_return_id varchar not null, _sheet varchar not null, _row bigint not null, "
        "_received_at timestamp not null)"
    )
    for column in columns.keys() - columns_of(connection, f"landed.{name}").keys():
        connection.execute(
            f'alter table warehouse.landed.{name} add column "{column}" {columns[column]}'
        )


def _as_table(connection: duckdb.DuckDBPyConnection, kept: list[Kept]) -> duckdb.DuckDBPyRelation:
    pairs = ", ".join(f"('{one.period}', '{one.return_id}')" for one in kept)
    return connection.sql(f"select * from (values {pairs}) as pairs(period, return_id)")


OF_RETURN = "join kept_returns on kept_returns.period = scratch._period"


def _land(connection: duckdb.DuckDBPyConnection, landed: Mapping[str, str]) -> None:
    """Put the rows of each table in."""
    for name, rows in landed.items():
        connection.execute(f"insert into warehouse.landed.{name} by name {rows}")


def _going_in(filing: Filing, kept: Sequence[Kept], table: str, columns: Iterable[str]) -> str:
    """The SQL of a table's rows as they land, each with its return.

    Unsorted: `_sheet` and `_row` say where each stood. To sort them took half of what keeping them
    does, and disk where they are many.
    """
    of_period = " ".join(f"when '{one.period}' then '{one.return_id}'" for one in kept)
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"select {names}, case _period {of_period} end as _return_id, _sheet, _row, "
        f'{_at(filing)} as _received_at from "{table}".kept_rows'
    )


def _at(filing: Filing) -> str:
    return f"timestamp '{filing.received_at.isoformat(sep=' ')}'"


def _copy_the_rest(connection: duckdb.DuckDBPyConnection, filing: Filing) -> None:
    connection.execute(
        "insert into warehouse.ledger.quarantined "
        f"select return_id, {filing.attempt}, {_at(filing)}, _sheet, _row, amount, rules "
        f"from kept_quarantined as scratch {OF_RETURN} order by _sheet, _row"
    )
    connection.execute(
        "insert into warehouse.ledger.dropped "
        f"select return_id, {filing.attempt}, {_at(filing)}, _sheet, _row, amount, why "
        f"from kept_dropped as scratch {OF_RETURN} order by _sheet, _row"
    )
    finding_id = id_of("return_id", "rule", "rule_version", "_sheet", "_row", '"column"')
    insert_findings(
        connection,
        f'select {finding_id} as finding_id, return_id, $return_name as "return", '
        '_sheet as sheet, _row as "row", "column", "value", rule, rule_version, severity, '
        f"dimension, fixed_by, owner, message from kept_findings as scratch {OF_RETURN} "
        "order by _sheet, _row, rule",
        filing.attempt,
        filing.received_at,
        {"return_name": filing.return_name},
    )
    connection.execute(
        "insert into warehouse.ledger.checks "
        f"select return_id, {filing.attempt}, rule, rule_version, severity, dimension, outcome, "
        f"applied_to, failed_rows, {_at(filing)} from kept_checks as scratch {OF_RETURN} "
        "order by return_id, rule"
    )


def _register(connection: duckdb.DuckDBPyConnection, filing: Filing, one: Kept) -> None:
    counts = one.counts
    values: dict[str, object] = {
        "return_id": one.return_id,
        "attempt": filing.attempt,
        "filing_id": filing.filing_id,
        "return": filing.return_name,
        "sender": filing.sender,
        "period": one.period,
        "part": filing.part,
        "sha256": filing.sha256,
        "file_name": filing.file_name,
        "received_at": filing.received_at,
        "outcome": one.outcome,
        "reason": one.reason,
        "layout": filing.layout,
        "contract_version": filing.contract_version,
        "contract_digest": filing.contract_digest,
        "suite_version": filing.suite_version,
        "suite_digest": filing.suite_digest,
        "rows_read": counts.read,
        "rows_loaded": counts.loaded,
        "rows_quarantined": counts.quarantined,
        "rows_dropped": counts.dropped,
        "amount_total": counts.amount_total,
        "amount_quarantined": counts.amount_quarantined,
    }
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f"${name}" for name in values)
    added = connection.execute(
        f"insert into warehouse.ledger.returns ({names}) select {marks} where not exists ("
        "select 1 from warehouse.ledger.returns where return_id = $return_id "
        "and attempt = $attempt)",
        values,
    ).fetchone()
    if added != (1,):
        raise KeptTwice(
            f"Attempt {filing.attempt} of return {one.return_id} is kept already: nothing of it "
            "was kept again."
        )


def _keep_steps(
    connection: duckdb.DuckDBPyConnection, return_id: str, filing: Filing, steps: list[Step]
) -> None:
    for step in steps:
        connection.execute(
            "insert into warehouse.ledger.outcomes values (?, ?, ?, ?, ?, ?)",
            [return_id, filing.attempt, step.step, step.outcome, step.detail, filing.received_at],
        )


def _finding(
    connection: duckdb.DuckDBPyConnection,
    filing: Filing,
    one: Kept,
    name: str,
    **values: object,
) -> None:
    """Keep a finding about the whole return; `values` stand in the built-in rule's sentence."""
    rule = built_in_rules()[name]
    parts = f"{one.return_id}|{rule.id}|{rule.version}"
    finding_id = hashlib.sha256(parts.encode()).hexdigest()[:12]
    said = rule.says(**values)
    found = Finding(finding_id, one.return_id, filing.return_name, rule, said, filing.attempt)
    insert_each(connection, [found], filing.received_at)
