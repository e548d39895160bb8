"""Findings: how they are kept and listed, and what people decide about them and about releases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from expectations.suite import RuleHead
from flows.common.errors import InputError
from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.asked import ALL_RETURNS, Asked
from flows.warehouse.connection import Row, as_rows, reading
from flows.warehouse.in_force import IN_FORCE

MOST_FINDINGS = 10_000  # an answer to `ingest` lists no more; `findings` lists all
FIRST_ROWS = 5  # of those that a finding is of alike
FIRST_VALUES = 3

WORST_FIRST = (
    "case f.severity when 'reject' then 1 when 'hold' then 2 when 'block release' then 3 "
    "when 'quarantine' then 4 else 5 end"
)
FINDINGS = """
    select f.finding_id as id, f.return_id, r.file_name as file, nullif(f.sheet, '') as sheet,
           f."row", f."column", f."value", f.rule, f.severity, f.dimension, f.fixed_by, f.message,
           accepted.accepted_by, r.received_at
    from warehouse.ledger.findings as f
    left join (
        select *, attempt = max(attempt) over (partition by return_id) as is_newest
        from warehouse.ledger.returns
    ) as r on r.return_id = f.return_id  -- none: a return that is owed and missing
        and (r.attempt = f.attempt or f.attempt = 0 and r.is_newest)  -- 0: found across returns
    left join (
        select subject, arg_max(json_extract_string(detail, '$.by'), seq) as accepted_by
        from warehouse.ledger.events where kind = 'accepted' group by subject
    ) as accepted on accepted.subject = f.finding_id
"""

# A finding that many rows have alike is one, with how many there are, the first of the rows and of
# their values.
_ALIKE = f"""
    select * from (
        select min_by(id, coalesce("row", 0)) as id, return_id, file, sheet,
               min("row") as "row", "column", min_by("value", coalesce("row", 0)) as "value",
               rule, severity, dimension, fixed_by, message, accepted_by, count(*) as count,
               list("row" order by "row")[:{FIRST_ROWS}] as rows,
               list(distinct "value" order by "value")[:{FIRST_VALUES}] as "values",
               min(received_at) as received_at
        from ({FINDINGS} {{where}})
        group by return_id, file, sheet, "column", rule, severity, dimension, fixed_by, message,
                 accepted_by{{apart}}
    ) as f
"""
_EACH_LOST = ", case when severity <> 'warn' then id end"  # where a row is lost, each is named
_OPEN = f"""
    f.cleared_at is null and (
        f.return_id in (select return_id from ({IN_FORCE})) or r.return_id is null
        or r.outcome in ('rejected', 'held') and not exists (
            select 1 from warehouse.ledger.returns as later
            where later.filing_id = r.filing_id and later.attempt > r.attempt)
    )
"""


def list_findings(
    settings: Settings, everything: bool = False, asked: Asked = ALL_RETURNS
) -> list[Row]:
    """The open findings about the newest judgement of each file, worst first; or all there are."""
    where, values = asked.where()
    with reading(settings) as connection:
        return as_rows(
            connection.execute(
                f"select * exclude (received_at) from ({FINDINGS} "
                f"where {where} and {'true' if everything else _OPEN}) as f order by {WORST_FIRST},"
                ' f.received_at nulls first, f.return_id, f."row", f.rule',
                values,
            )
        )


def list_alike(
    settings: Settings, everything: bool = False, asked: Asked = ALL_RETURNS
) -> list[Row]:
    """The same for people: what many rows have alike is one line, with the first of its `rows`."""
    where, values = asked.where()
    alike = _ALIKE.format(where=f"where {where} and {'true' if everything else _OPEN}", apart="")
    with reading(settings) as connection:
        return as_rows(
            connection.execute(
                f"""
                select * exclude (id, received_at, "values") replace (
                    array_to_string("values", '; ') as "value",
                    case when "row" is not null then
                        concat(sheet || ': ', array_to_string(rows, ', '),
                            case when count > len(rows) then ', ...' end)
                    else '' end as rows)
                from ({alike}) as f
                order by {WORST_FIRST}, f.received_at nulls first, f.return_id, f."row", f.rule
                """,
                values,
            )
        )


def findings_of(
    connection: duckdb.DuckDBPyConnection, returns: list[str], most: int = MOST_FINDINGS
) -> list[Row]:
    """The findings of these returns, worst first: each row that is lost, and each warning once."""
    alike = _ALIKE.format(where="where list_contains(?, f.return_id)", apart=_EACH_LOST)
    return as_rows(
        connection.execute(
            f'select * exclude ("values", received_at) from ({alike}) as f '
            f'order by {WORST_FIRST}, f."row", f.rule limit ?',
            [returns, most],
        )
    )


def failed_rules(settings: Settings, returns: list[str]) -> list[Row]:
    """Which rules the returns' newest judgements failed, and in how many places: no cells."""
    with reading(settings) as connection:
        return as_rows(
            connection.execute(
                """
                select f.return_id, f.rule, f.severity, f.fixed_by, count(*) as findings
                from warehouse.ledger.findings as f
                where list_contains(?, f.return_id) and f.cleared_at is null
                  and f.attempt in (0, (
                    select max(r.attempt) from warehouse.ledger.returns as r
                    where r.return_id = f.return_id))
                group by all order by f.return_id, f.severity, f.rule
                """,
                [returns],
            )
        )


@dataclass(frozen=True)
class Finding:
    """What a rule says of a return: of the whole of it, or of one of its rows.

    `attempt` is 0 where several returns were judged beside each other: it is of no one judgement.
    Of a return that is owed and has not come, `return_id` names what is owed.
    """

    finding_id: str
    return_id: str
    return_name: str
    rule: RuleHead
    message: str
    attempt: int = 0
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


def id_of(*parts: str) -> str:
    """A finding's id in SQL, of the expressions that tell it from others: return, rule, row."""
    return f"left(sha256(concat_ws('|', {', '.join(parts)})), 12)"


def insert_findings(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    attempt: int,
    at: datetime,
    values: Mapping[str, object],
) -> None:
    """Keep findings, inside the open transaction: the rows of `relation`, which is SQL.

    Its columns are `finding_id`, `return_id`, `return`, `sheet`, `row`, `column`, `value`, `rule`,
    `rule_version`, `severity`, `dimension`, `fixed_by`, `owner` and `message`.
    """
    connection.execute(
        "insert into warehouse.ledger.findings by name "
        f"select *, {attempt:d} as attempt, $at as found_at from ({relation})",
        {**values, "at": at},
    )


def insert_each(
    connection: duckdb.DuckDBPyConnection, findings: Sequence[Finding], at: datetime
) -> None:
    """Keep findings, inside the open transaction: an insert for those of one attempt."""
    for attempt in sorted({one.attempt for one in findings}):
        rows = [_row_of(one) for one in findings if one.attempt == attempt]
        names = list(rows[0])
        lists = {f"c{place}": [row[name] for row in rows] for place, name in enumerate(names)}
        cells = ", ".join(
            f'unnest(cast($c{place} as {"bigint" if name == "row" else "varchar"}[])) as "{name}"'
            for place, name in enumerate(names)
        )
        insert_findings(connection, f"select {cells}", attempt, at, lists)


def _row_of(one: Finding) -> dict[str, object]:
    return {
        "finding_id": one.finding_id,
        "return_id": one.return_id,
        "return": one.return_name,
        "sheet": one.sheet,
        "row": one.row,
        "column": one.column,
        "value": one.value,
        "rule": one.rule.id,
        "rule_version": one.rule.version,
        "severity": one.rule.severity,
        "dimension": one.rule.dimension,
        "fixed_by": one.rule.fixed_by,
        "owner": one.rule.owner,
        "message": one.message,
    }


class NoSuchFinding(InputError):
    """No finding has that id."""


@dataclass(frozen=True)
class Accepted:
    """A finding that somebody accepts: it stands, and no longer blocks a release."""

    finding_id: str
    return_id: str
    rule: str
    severity: str
    message: str


def accept(
    connection: duckdb.DuckDBPyConnection, finding_id: str, by: str, because: str, at: datetime
) -> Accepted:
    """Record, inside the open transaction, that `by` accepts the finding, and why.

    A finding's id is made of return, rule, version and row: the word survives a re-run and lapses
    when rule or row changes. Raises NoSuchFinding.
    """
    row = connection.execute(
        "select finding_id, return_id, rule, severity, message from warehouse.ledger.findings "
        "where finding_id = ? order by found_at desc limit 1",
        [finding_id],
    ).fetchone()
    if row is None:
        raise NoSuchFinding(
            f"There is no finding {finding_id}: social-value findings lists them with their ids."
        )
    one = Accepted(*map(str, row))
    detail = {"by": by, "because": because, "rule": one.rule, "return_id": one.return_id}
    ledger.append(connection, "accepted", one.finding_id, detail, at)
    return one


def override(
    connection: duckdb.DuckDBPyConnection, what: str, by: str, because: str, at: datetime
) -> None:
    """Record, inside the open transaction, that a release may go out in spite of `what`."""
    ledger.append(connection, "overridden", what, {"by": by, "because": because}, at)


def overrides(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Every override on record: what, by whom, why; the newest word on each."""
    rows = connection.execute(
        "select subject, arg_max(json_extract_string(detail, '$.by'), seq), "
        "arg_max(json_extract_string(detail, '$.because'), seq) "
        "from warehouse.ledger.events where kind = 'overridden' group by subject order by subject"
    ).fetchall()
    return [(str(what), str(by), str(because)) for what, by, because in rows]
