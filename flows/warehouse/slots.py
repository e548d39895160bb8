"""What is owed, what has come for it, and how it stands: a row a slot."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import duckdb
from pydantic import Field

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.periods import Period, period_of, read_period, read_year
from flows.common.seeds import read_seed
from flows.common.settings import Settings
from flows.warehouse.connection import Row, reading
from flows.warehouse.in_force import IN_FORCE

NO_ROWS: Row = {"rows_loaded": 0, "rows_quarantined": 0}


@dataclass(frozen=True)
class Obligation:
    """That someone sends a return for every period of a span, from the day it was put on record."""

    return_name: Annotated[str, Field(alias="return")]
    sender: str
    every: str
    first_period: str
    due_days_after_end: int
    part: str = ""
    last_period: str | None = None
    recorded_on: date = date.min

    def until(self, today: date) -> Iterator["Owed"]:
        """What is owed for the periods that are over by `today`."""
        if self.recorded_on > today:
            return
        last = _named(self.last_period, self.every) if self.last_period else None
        for period in _span(_named(self.first_period, self.every)):
            if period.end > today or (last and period > last):
                return
            due = period.end + timedelta(days=self.due_days_after_end - 1)
            yield Owed(self.return_name, self.sender, period.label, self.part, due)


@dataclass(frozen=True)
class Owed:
    """A return that someone owes: whose, for when, which part, and by when."""

    return_name: str
    sender: str
    period: str
    part: str
    due: date

    @property
    def slot(self) -> tuple[str, str, str, str]:
        """What tells it from any other."""
        return (self.return_name, self.sender, self.period, self.part)


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
    for owed in owed_by(places_in_use(settings).seeds, now.date()):
        seen.add(owed.slot)
        rows.append(_status_row(owed.slot, owed.due, _answer(owed.slot, received), now))
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
        came = got or whole
        return {**whole, "received_at": came["received_at"], **NO_ROWS}
    return got


def owed_by(seeds: Path, today: date) -> list[Owed]:
    """Every return owed for a period that is over by `today`, as the seed says; each once.

    `int_owed` says the same to the figures. What was put on record after today was not owed yet;
    of two obligations for one slot the later day counts.
    """
    owed: dict[tuple[str, str, str, str], Owed] = {}
    for obligation in read_seed(seeds, "obligations", Obligation):
        for one in obligation.until(today):
            before = owed.get(one.slot)
            if before is None or before.due < one.due:
                owed[one.slot] = one
    return list(owed.values())


def parts_owed(seeds: Path, return_name: str, sender: str) -> set[str]:
    """The parts in which the sender owes a return, '' for the whole of it; none if it owes none."""
    return {
        one.part
        for one in read_seed(seeds, "obligations", Obligation)
        if (one.return_name, one.sender) == (return_name, sender)
    }


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
