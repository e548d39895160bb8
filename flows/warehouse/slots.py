"""What the command lists: returns owed and received, findings, and what became of a file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from flows.common import clock
from flows.common.periods import Period, period_of, read_period, read_year
from flows.common.settings import Settings
from flows.warehouse.connection import reading
from flows.warehouse.in_force import IN_FORCE

Row = dict[str, object]
MOST_FINDINGS = 10_000  # an answer to `ingest` lists no more; `findings` lists all

FINDINGS = """
    select f.finding_id as id, f.return_id, r.file_name as file, nullif(f.sheet, '') as sheet,
           f."row", f."column", f."value", f.rule, f.severity, f.dimension, f.fixed_by, f.message,
           accepted.accepted_by
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


def findings(settings: Settings, everything: bool = False) -> list[Row]:
    """The open findings about the newest judgement of each file, worst first; or all there are."""
    current = f"""
        and f.cleared_at is null and (
            f.return_id in (select return_id from ({IN_FORCE})) or r.return_id is null
            or r.outcome in ('rejected', 'held') and not exists (
                select 1 from warehouse.ledger.returns as later
                where later.filing_id = r.filing_id and later.attempt > r.attempt)
        )
    """
    worst_first = (
        "order by case f.severity when 'reject' then 1 when 'hold' then 2 "
        "when 'block release' then 3 when 'quarantine' then 4 else 5 end, "
        'r.received_at nulls first, f.return_id, f."row", f.rule'
    )
    with reading(settings) as connection:
        return as_rows(
            connection.execute(
                f"{FINDINGS} where true {'' if everything else current} {worst_first}"
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
class Owed:
    """A return that someone owes: whose, for when, which part, and by when."""

    return_name: str
    sender: str
    period: str
    part: str
    due: date


def status(settings: Settings) -> list[Row]:
    """One row for each return, sender, period and part owed by now or received."""
    with reading(settings) as connection:
        return status_of(connection, settings)


def status_of(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[Row]:
    """The same, asked of the warehouse that is attached to `connection`."""
    now = clock.now()
    received = _received(connection)
    rows: list[Row] = []
    seen: set[tuple[str, str, str, str]] = set()
    for owed in owed_by(settings.seeds / "obligations.csv", now.date()):
        key = (owed.return_name, owed.sender, owed.period, owed.part)
        seen.add(key)
        rows.append(_status_row(key, owed.due, _answer(key, received), now))
    rows += [_status_row(key, None, got, now) for key, got in received.items() if key not in seen]
    return sorted(
        rows,
        key=lambda row: (
            str(row["period"]),
            str(row["return"]),
            str(row["sender"]),
            str(row["part"]),
        ),
    )


def late_on(today: date, rows: Iterable[Row]) -> list[Row]:
    """The rows of `status` to be chased: due before today, and missing or rejected."""
    return [
        row
        for row in rows
        if row["outcome"] in ("missing", "rejected")
        and row["due"] is not None
        and str(row["due"]) < today.isoformat()  # a rejection in time is no reason to wait
    ]


def _answer(
    key: tuple[str, str, str, str], received: dict[tuple[str, str, str, str], Row]
) -> Row | None:
    """What came for a slot; a whole delivery in force answers for a part, its rows counted once."""
    got, whole = received.get(key), received.get((*key[:3], ""))
    if (got is None or got["outcome"] == "rejected") and whole and whole["outcome"] == "loaded":
        return {**whole, "rows_loaded": 0, "rows_quarantined": 0}
    return got


def owed_by(obligations: Path, today: date) -> Iterator[Owed]:
    """Every return owed for a period that is over by `today`, as the seed says."""
    with obligations.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for period in _span(_named(row["first_period"], row["every"])):
                over = row["last_period"] and period > _named(row["last_period"], row["every"])
                if over or period.end > today:
                    break
                due = (
                    period.end - timedelta(days=1) + timedelta(days=int(row["due_days_after_end"]))
                )
                yield Owed(row["return"], row["sender"], period.label, row["part"], due)


def _named(label: str, every: str) -> Period:
    """The period of an obligation: a label like 2011-12 is a year where years are owed."""
    return read_year(label) if every == "year" else read_period(label)


def _span(first: Period) -> Iterator[Period]:
    """The period and all that follow it."""
    period = first
    while True:
        yield period
        period = period_of(period.end, period.kind)


def _received(
    connection: duckdb.DuckDBPyConnection,
) -> dict[tuple[str, str, str, str], Row]:
    """What came for each slot: when first, and how it stands now."""
    rows = connection.execute(
        f"""
        with standing as ({IN_FORCE}),
        newest as (
            select *, row_number() over (
                partition by "return", sender, period, part
                order by return_id in (select return_id from standing) desc,
                         received_at desc, attempt desc) as place
            from warehouse.ledger.returns
        )
        select n."return", n.sender, n.period, n.part,
               (select min(received_at) from warehouse.ledger.returns as f
                where f."return" = n."return" and f.sender = n.sender and f.period = n.period
                  and f.part = n.part) as received_at,
               case when n.return_id in (select return_id from standing) then 'loaded'
                    when n.return_id in (
                        select subject from warehouse.ledger.events where kind = 'disposed'
                        and json_extract_string(detail, '$.what') = 'person rows') then 'disposed'
                    when n.outcome = 'loaded' then 'superseded' else n.outcome end as outcome,
               n.rows_loaded, n.rows_quarantined
        from newest as n where n.place = 1
        """
    ).fetchall()
    return {
        (row[0], row[1], row[2], row[3]): {
            "received_at": row[4],
            "outcome": row[5],
            "rows_loaded": row[6],
            "rows_quarantined": row[7],
        }
        for row in rows
    }


def _status_row(
    key: tuple[str, str, str, str], due: date | None, got: Row | None, now: datetime
) -> Row:
    received = got["received_at"] if got else None
    until = received.date() if isinstance(received, datetime) else now.date()
    return {
        "return": key[0],
        "sender": key[1],
        "period": key[2],
        "part": key[3],
        "due": due.isoformat() if due else None,
        "received_at": received.isoformat() if isinstance(received, datetime) else None,
        "outcome": got["outcome"] if got else "missing",
        "rows_loaded": got["rows_loaded"] if got else 0,
        "rows_quarantined": got["rows_quarantined"] if got else 0,
        "late_days": max((until - due).days, 0) if due else None,
    }


def as_rows(cursor: duckdb.DuckDBPyConnection) -> list[Row]:
    """The rows of an executed query, each by column name."""

    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _money(amount: object) -> str | None:
    return None if amount is None else str(amount)
