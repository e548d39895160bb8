"""Which returns are in force, what a new one would do to them, and what a build rests on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from exports.edition.facts import InputReturn
from flows.warehouse.ledger import head

IN_FORCE = """
    select r.* from warehouse.ledger.returns as r
    join (
        select return_id, arg_max(in_force, seq) as in_force
        from warehouse.ledger.standing group by return_id
    ) as s on s.return_id = r.return_id
    where s.in_force and r.outcome in ('loaded', 'held')
"""

IN_FORCE_AS_OF = """
    select * from (
        select *, row_number() over (partition by return_id order by attempt desc) as newest
        from warehouse.ledger.returns where received_at <= $as_of
    ) where newest = 1 and return_id in (
        select return_id from warehouse.ledger.standing where "at" <= $as_of
        group by return_id having arg_max(in_force, seq)
    )
"""


@dataclass(frozen=True)
class Slot:
    """The place a return takes: whose, for when, which part."""

    return_name: str
    sender: str
    period: str
    part: str


@dataclass(frozen=True)
class InForce:
    """A return in force."""

    return_id: str
    part: str
    rows_loaded: int
    amount_total: Decimal | None


@dataclass(frozen=True)
class KnownReturn:
    """What the registry knows of one return of a filing (its newest attempt)."""

    return_id: str
    attempt: int
    period: str
    outcome: str
    reason: str | None
    in_force: bool
    contract_digest: str
    suite_digest: str
    file_name: str


def known_of(connection: duckdb.DuckDBPyConnection, filing: str) -> list[KnownReturn]:
    """The newest attempt's returns of a filing, by period; empty if it was never judged."""
    newest = "(select max(attempt) from warehouse.ledger.returns where filing_id = $filing)"
    return _known(connection, f"filing_id = $filing and attempt = {newest}", {"filing": filing})


def same_bytes_in_force(
    connection: duckdb.DuckDBPyConnection,
    return_name: str,
    sender: str,
    sha256: str,
    period: str | None,
) -> list[KnownReturn]:
    """Returns in force of the same sender and bytes, whatever part the file's name speaks of.

    `period`: only for that period, where the rows do not say theirs.
    """
    where = '"return" = $return_name and sender = $sender and sha256 = $sha256'
    values = {"return_name": return_name, "sender": sender, "sha256": sha256}
    if period is not None:
        where, values = f"{where} and period = $period", {**values, "period": period}
    return [one for one in _known(connection, where, values) if one.in_force]


def _known(
    connection: duckdb.DuckDBPyConnection, where: str, values: dict[str, str]
) -> list[KnownReturn]:
    rows = connection.execute(
        "select return_id, attempt, period, outcome, reason, contract_digest, suite_digest, "
        f"file_name from warehouse.ledger.returns where {where} order by period",
        values,
    ).fetchall()
    if not rows:  # most files are new: what is in force need not be worked out for them
        return []
    listed = connection.execute(f"select return_id from ({IN_FORCE})").fetchall()
    standing = {row[0] for row in listed}
    return [
        KnownReturn(
            name, attempt, period, outcome, reason, name in standing, contract, suite, file_name
        )
        for name, attempt, period, outcome, reason, contract, suite, file_name in rows
    ]


def in_force(connection: duckdb.DuckDBPyConnection, slot: Slot) -> list[InForce]:
    """The returns in force for the slot's return, sender and period, whatever their part."""
    rows = connection.execute(
        f"select return_id, part, rows_loaded, amount_total from ({IN_FORCE}) "
        'where "return" = ? and sender = ? and period = ?',
        [slot.return_name, slot.sender, slot.period],
    ).fetchall()
    return [InForce(*row) for row in rows]


def why_hold(
    now_in_force: list[InForce],
    slot: Slot,
    rows: int,
    amount: Decimal | None,
    share: Decimal,
) -> str | None:
    """Why a return for the slot must wait for someone's confirmation; None if it need not.

    A replacement that drops more than `share` of the rows or of the money is held, and so is a
    whole delivery that would stand beside parts, or a part beside a whole one.
    """
    if slot.part and any(standing.part == "" for standing in now_in_force):
        return (
            f"a delivery of the whole of {slot.period} is in force, and the part {slot.part!r} "
            "would be added to it: confirm that it is not in it already"
        )
    if not slot.part and any(standing.part for standing in now_in_force):
        parts = ", ".join(sorted(standing.part for standing in now_in_force if standing.part))
        return (
            f"parts of {slot.period} are in force ({parts}), and this delivery of the whole would "
            "replace them: confirm that it should"
        )
    before = next((s for s in now_in_force if s.part == slot.part), None)
    if before is None:
        return None
    if rows < before.rows_loaded * (1 - share):
        return (
            f"it has {rows} rows where the return in force has {before.rows_loaded}: confirm "
            "that the others should go"
        )
    if before.amount_total and amount is not None:
        lost = (before.amount_total - amount) / abs(before.amount_total)
        if lost > share:
            return (
                f"it adds up to GBP {amount:,} where the return in force adds up to "
                f"GBP {before.amount_total:,}: confirm that the difference should go"
            )
    return None


def put_in_force(
    connection: duckdb.DuckDBPyConnection, slot: Slot, return_id: str, at: datetime, because: str
) -> list[str]:
    """Put a return in force, inside the open transaction; returns the ids it replaces.

    It replaces the return in force for the same part; a whole delivery replaces all parts.
    """
    replaced = [
        standing.return_id
        for standing in in_force(connection, slot)
        if standing.return_id != return_id and (slot.part in ("", standing.part))
    ]
    for other in replaced:
        _set(connection, other, False, at, f"superseded by {return_id}")
    _set(connection, return_id, True, at, because)
    return replaced


def put_out_of_force(
    connection: duckdb.DuckDBPyConnection, return_id: str, at: datetime, because: str
) -> None:
    """End a return's standing without another in its place, inside the open transaction."""
    if connection.execute(
        f"select 1 from ({IN_FORCE}) where return_id = ?", [return_id]
    ).fetchone():
        _set(connection, return_id, False, at, because)


def disposed_on(connection: duckdb.DuckDBPyConnection, return_id: str) -> datetime | None:
    """When the rows of a return were disposed of, by its tombstone; None if they were not."""
    row = connection.execute(
        "select min(\"at\") from warehouse.ledger.events where kind = 'disposed' "
        "and subject = ? and json_extract_string(detail, '$.what') = 'person rows'",
        [return_id],
    ).fetchone()
    return row[0] if row else None


def _set(
    connection: duckdb.DuckDBPyConnection, return_id: str, stands: bool, at: datetime, because: str
) -> None:
    connection.execute(
        "insert into warehouse.ledger.standing select coalesce(max(seq), 0) + 1, ?, ?, ?, ? "
        "from warehouse.ledger.standing",
        [return_id, stands, at, because],
    )


@dataclass(frozen=True)
class Inputs:
    """The hash of the ledger's newest event, and what its figures rest on."""

    ledger_head: str
    inputs: list[InputReturn]


def inputs_as_of(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> Inputs:
    """What the attached warehouse knows of that moment.

    All returns in force: a figure may rest on earlier and later ones (the vendor master).
    """
    rows = connection.execute(
        f'select return_id, "return", sender, period, part, sha256 from ({IN_FORCE_AS_OF}) '
        "order by return_id",
        {"as_of": as_of},
    ).fetchall()
    return Inputs(head(connection), [InputReturn(*row) for row in rows])
