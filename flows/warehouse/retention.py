"""Retention: originals and rows about people go when their time is over; a tombstone stays.

How long each return is kept is the seed `retention`. What is due is told by what is there, and by
tombstones whose work was not ended (disposed.py): it can be run twice, or killed and run again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
from pydantic import Field

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.periods import period_of, read_period
from flows.common.seeds import read_seed
from flows.common.settings import Settings
from flows.returns.contract import Contract
from flows.warehouse import ledger
from flows.warehouse.archive import is_held
from flows.warehouse.connection import open_scratch, reading, writing
from flows.warehouse.digests import landed_tables
from flows.warehouse.disposed import (
    Answers,
    Due,
    RegisteredReturn,
    answers_there,
    begun,
    finish,
    registry,
)
from flows.warehouse.home import tidy
from flows.warehouse.in_force import put_out_of_force


@dataclass(frozen=True)
class Retention:
    """For how many months after its period's end a return is kept, and on whose authority."""

    return_name: Annotated[str, Field(alias="return")]
    keep_originals_months: int
    authority: str
    keep_person_rows_months: int | None = None


def read_retention(seeds: Path) -> dict[str, Retention]:
    """The seed `retention`, by return."""
    return {one.return_name: one for one in read_seed(seeds, "retention", Retention)}


def dispose(
    settings: Settings, contracts: Mapping[str, Contract], by: str, dry_run: bool = False
) -> list[Due]:
    """Dispose of what is due today, on the say of `by`; returns what went (or would go).

    Person rows leave the store itself, for good; a return whose own rows were people is then no
    longer in force, so that no figure counts it as nothing. What an earlier run has begun is
    finished.
    """
    with reading(settings) as connection:
        due = what_is_due(connection, settings, contracts)
    if dry_run or not due:
        return due
    tidy(settings)
    with open_scratch(settings) as connection, writing(settings, connection):
        due = what_is_due(connection, settings, contracts)
        for one in due:
            if not one.tombstone:
                _dispose(connection, one, by)
    finish(settings, by)
    return due


def what_is_due(
    connection: duckdb.DuckDBPyConnection, settings: Settings, contracts: Mapping[str, Contract]
) -> list[Due]:
    """What is past its retention today and still there, from the attached warehouse; first what
    was disposed of before and may be there all the same.
    """
    retention = read_retention(places_in_use(settings).seeds)
    today = clock.now().date()
    kept, answers = registry(connection), answers_there(settings)
    left = begun(connection, settings, kept, answers)
    known = {(one.what == "person rows", one.kept.return_id) for one in left}
    due = [
        *_due_rows(connection, kept, contracts, retention, today),
        *_due_originals(settings, kept, answers, retention, today),
    ]
    due = [one for one in due if (one.what == "person rows", one.kept.return_id) not in known]
    return left + sorted(due, key=lambda one: (one.since, one.kept.return_id, one.what))


def person_tables(contract: Contract) -> list[str]:
    """The landed tables of a return whose rows are people."""
    return [name for name, table in contract.tables.items() if table.is_of_people]


def _due_rows(
    connection: duckdb.DuckDBPyConnection,
    kept: list[RegisteredReturn],
    contracts: Mapping[str, Contract],
    retention: Mapping[str, Retention],
    today: date,
) -> Iterator[Due]:
    there = set(landed_tables(connection))
    counted = {
        (name, table): _rows_by_return(connection, table)
        for name, contract in contracts.items()
        for table in person_tables(contract)
        if table in there
    }
    for one in kept:
        rule = retention.get(one.return_name)
        rows = {
            table: by_return[one.return_id]
            for (name, table), by_return in counted.items()
            if name == one.return_name and one.return_id in by_return
        }
        if rule is None or rule.keep_person_rows_months is None or not rows:
            continue
        since = _until(one, rule.keep_person_rows_months)
        if since <= today:
            yield Due("person rows", one, rows, since, rule.authority)


def _due_originals(
    settings: Settings,
    kept: list[RegisteredReturn],
    answers: Answers,
    retention: Mapping[str, Retention],
    today: date,
) -> Iterator[Due]:
    """An original goes when the last of the returns that rest on it is past its time."""
    last: dict[str, date] = {}
    for one in kept:
        rule = retention.get(one.return_name)
        until = _until(one, rule.keep_originals_months) if rule else date.max
        last[one.sha256] = max(until, last.get(one.sha256, date.min))
    for one in kept:
        if last[one.sha256] > today:
            continue
        authority = retention[one.return_name].authority
        if is_held(settings, one.sha256):
            yield Due("original", one, {}, last[one.sha256], authority)
        elif (one.return_name, one.filing_id) in answers:  # the original was never kept
            yield Due("answers", one, {}, last[one.sha256], authority)


def _until(kept: RegisteredReturn, months: int) -> date:
    """The day on which what is kept for so many months after the return's period is due."""
    if kept.period:
        end = read_period(kept.period).end
    else:  # a rejected file that did not say
        end = period_of(kept.received_at.date(), "month").end
    month = end.year * 12 + end.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _rows_by_return(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, int]:
    rows = connection.execute(
        f"select _return_id, count(*) from warehouse.landed.{table} group by _return_id"
    ).fetchall()
    return {str(name): int(count) for name, count in rows}


def _dispose(connection: duckdb.DuckDBPyConnection, due: Due, by: str) -> None:
    """Delete the rows, end the standing, and set the tombstone, in the open transaction."""
    at = clock.now()
    for table in due.rows:
        connection.execute(
            f"delete from warehouse.landed.{table} where _return_id = ?", [due.kept.return_id]
        )
    if due.kept.return_name in due.rows:
        put_out_of_force(connection, due.kept.return_id, at, f"disposed of: {due.authority}")
    detail: dict[str, object] = {
        "what": due.what,
        "sha256": due.kept.sha256,
        "size_bytes": due.kept.size_bytes,
        "rows": due.rows,
        "due_since": due.since,
        "authority": due.authority,
        "by": by,
    }
    ledger.append(connection, "disposed", due.kept.return_id, detail, at)
