"""What a second sending does, and what a confirmation does."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

import duckdb

from flows.common import clock
from flows.common.errors import InputError
from flows.warehouse import ledger
from flows.warehouse.filing import Filing
from flows.warehouse.in_force import (
    KnownReturn,
    Slot,
    disposed_on,
    in_force,
    put_in_force,
    why_hold,
)


class NothingToConfirm(InputError):
    """No held return has that name."""


def reinstate(
    connection: duckdb.DuckDBPyConnection,
    known: Sequence[KnownReturn],
    filing: Filing,
    share: Decimal,
) -> tuple[Literal["duplicate", "loaded", "held"], str | None]:
    """Put the filing's superseded returns back in force, inside the open transaction.

    Returns `duplicate` where all of them are in force or one was disposed of, `held` where one must
    be confirmed first (with the reason), else `loaded`.
    """
    if all(one.in_force for one in known):
        _note_other_name(connection, known[0], filing)
        return "duplicate", f"{filing.file_name} is in force already as {known[0].return_id}"
    for one in known:
        if gone := disposed_on(connection, one.return_id):
            return "duplicate", (
                f"{filing.file_name} was loaded before as {one.return_id} and disposed of on "
                f"{gone:%d %B %Y}, when its retention was over: it is not taken again"
            )
    outcome: Literal["loaded", "held"] = "loaded"
    reason: str | None = "put back in force"
    for one in known:
        if one.in_force:
            continue
        slot = Slot(filing.return_name, filing.sender, one.period, filing.part)
        rows, amount = _size(connection, one.return_id)
        held = (
            one.reason
            if one.outcome == "held"
            else why_hold(in_force(connection, slot), slot, rows, amount, share)
        )
        if held:
            outcome, reason = "held", held
            continue
        replaced = put_in_force(connection, slot, one.return_id, filing.received_at, "sent again")
        ledger.append(
            connection,
            "put back",
            one.return_id,
            {"file_name": filing.file_name, "replaces": replaced},
            clock.now(),
        )
    return outcome, reason


def confirm(
    connection: duckdb.DuckDBPyConnection, return_id: str, by: str, because: str, at: datetime
) -> list[str]:
    """Put a held return (or all held returns of a filing) in force, inside the open transaction.

    Returns the ids put in force. Raises NothingToConfirm.
    """
    rows = connection.execute(
        """
        select return_id, "return", sender, period, part from warehouse.ledger.returns as r
        where (return_id = $id or filing_id = $id) and outcome in ('held', 'loaded')
          and not coalesce((
            select arg_max(in_force, seq) from warehouse.ledger.standing as s
            where s.return_id = r.return_id), false)
          and not exists (
            select 1 from warehouse.ledger.events as e
            where e.kind = 'disposed' and e.subject = r.return_id
              and json_extract_string(e.detail, '$.what') = 'person rows')
        order by period
        """,
        {"id": return_id},
    ).fetchall()
    if not rows:
        raise NothingToConfirm(
            f"No return {return_id} waits for a confirmation: social-value findings lists those "
            "that do."
        )
    for name, return_name, sender, period, part in rows:
        slot = Slot(return_name, sender, period, part)
        replaced = put_in_force(connection, slot, name, at, f"confirmed by {by}: {because}")
        connection.execute(
            "update warehouse.ledger.findings set cleared_at = ? "
            "where return_id = ? and severity = 'hold' and cleared_at is null",
            [at, name],
        )
        detail = {"by": by, "because": because, "replaces": replaced}
        ledger.append(connection, "confirmed", name, detail, at)
    return [str(row[0]) for row in rows]


def _size(connection: duckdb.DuckDBPyConnection, return_id: str) -> tuple[int, Decimal | None]:
    row = connection.execute(
        "select rows_loaded, amount_total from warehouse.ledger.returns "
        "where return_id = ? order by attempt desc limit 1",
        [return_id],
    ).fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def _note_other_name(
    connection: duckdb.DuckDBPyConnection, known: KnownReturn, filing: Filing
) -> None:
    """Record once that the same bytes came under another name."""
    if known.file_name == filing.file_name:
        return
    detail = {
        "file_name": filing.file_name,
        "same_as": known.file_name,
        "received_at": filing.received_at.isoformat(),
    }
    noted = connection.execute(
        "select 1 from warehouse.ledger.events where kind = 'duplicate' and subject = ? "
        "and json_extract_string(detail, '$.file_name') = ?",
        [known.return_id, filing.file_name],
    ).fetchone()
    if not noted:
        ledger.append(connection, "duplicate", known.return_id, detail, clock.now())
