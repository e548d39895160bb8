"""A warehouse that its own keeper changed, with every digest and the whole chain made anew."""

import json
from collections.abc import Callable

import duckdb

from flows.common.settings import Settings
from flows.warehouse import ledger
from flows.warehouse.connection import open_scratch, writing
from flows.warehouse.digests import of_return

Detail = dict[str, object]


def forge(
    settings: Settings, return_id: str, sql: str, change: Callable[[Detail], None] | None = None
) -> None:
    """Run `sql`, and let the event of the return's keeping vouch for what is there now.

    `change` may change more of that event's detail.
    """
    with open_scratch(settings) as connection, writing(settings, connection):
        connection.execute(sql)
        before = ledger.FIRST
        for seq, at, kind, subject, text in connection.execute(
            'select seq, "at", kind, subject, detail from warehouse.ledger.events order by seq'
        ).fetchall():
            if subject == return_id and kind == "kept":
                text = _vouching(connection, subject, json.loads(text), change)
            digest = ledger.event_hash(seq, at, kind, subject, text, before)
            connection.execute(
                "update warehouse.ledger.events set detail = ?, previous_hash = ?, hash = ? "
                "where seq = ?",
                [text, before, digest, seq],
            )
            before = digest


def _vouching(
    connection: duckdb.DuckDBPyConnection,
    return_id: str,
    detail: Detail,
    change: Callable[[Detail], None] | None,
) -> str:
    then = detail["digests"]
    assert isinstance(then, dict)
    landed = {
        name.partition(".")[2]: f"from warehouse.{name} where _return_id = '{return_id}'"
        for name in then
        if name.startswith("landed.")
    }
    attempt, sha256 = int(str(detail["attempt"])), str(detail["sha256"])
    row = connection.execute(
        "select received_at from warehouse.ledger.returns where return_id = ?", [return_id]
    ).fetchone()
    assert row is not None
    made = of_return(connection, return_id, attempt, sha256, row[0], landed)
    detail["digests"] = {**then, **made}
    if change is not None:
        change(detail)
    return json.dumps(detail, sort_keys=True, default=str)
