"""The warehouse as it stood when an event was the ledger's newest, as a copy in another file.

Rows are taken back by what the later events say of themselves. What is left must match the digests
that the event itself carries, so a copy that was not rewound exactly is found out.
"""

from pathlib import Path

import duckdb

from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.warehouse.connection import ALIAS, attach, looking, open_scratch
from flows.warehouse.digests import ABOUT_A_RETURN, landed_tables
from flows.warehouse.ledger import Event, read_events
from flows.warehouse.proof.integrity import OF_RETURNS, check_records
from flows.warehouse.releases import Fault


class NoSuchEvent(SocialValueError):
    """The ledger has no event of that hash."""


def rewind(settings: Settings, head: str, target: Path) -> list[Fault]:
    """Copy the warehouse to `target`, as it stood when the event with the hash `head` was newest.

    Returns what of the copy is not as the ledger says. Raises NoSuchEvent.
    """
    with open_scratch(settings) as connection:
        with looking(settings, connection):
            events = read_events(connection)
            then = next((event for event in events if event.hash == head), None)
            if then is None:
                raise NoSuchEvent(
                    f"The ledger has no event {head[:12]}: it is not the ledger that the release "
                    "was made with; restore it from a backup."
                )
            _copy(connection, target)
        attach(connection, target, read_only=False)
        connection.execute("begin transaction")
        _take_back(connection, events, then)
        connection.execute("commit")
        faults = check_records(connection, events)
        connection.execute(f"detach {ALIAS}")
    return faults


def _copy(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    quoted = str(target).replace("'", "''")
    connection.execute(f"attach '{quoted}' as rewound")
    target.chmod(0o600)
    connection.execute(f"copy from database {ALIAS} to rewound")
    connection.execute("detach rewound")


def _take_back(connection: duckdb.DuckDBPyConnection, events: list[Event], then: Event) -> None:
    """Undo what the events after `then` did, the newest first, and forget them."""
    later = [event for event in events if event.seq > then.seq]
    _take_back_returns(
        connection,
        [one for one in later if one.kind in OF_RETURNS],
        landed_tables(connection),
    )
    for event in reversed([event for event in later if event.kind == "compared"]):
        _take_back_findings(connection, event)
    connection.execute("delete from warehouse.ledger.events where seq > ?", [then.seq])
    connection.execute(
        "delete from warehouse.ledger.files "
        "where sha256 not in (select sha256 from warehouse.ledger.returns)"
    )
    connection.execute("delete from warehouse.ledger.standing where seq > ?", [then.standing])


def _take_back_returns(
    connection: duckdb.DuckDBPyConnection, kept: list[Event], landed: list[str]
) -> None:
    judged = [f"{event.subject}|{event.detail.get('attempt', 0)}" for event in kept]
    for table in ABOUT_A_RETURN:
        connection.execute(
            f"delete from warehouse.ledger.{table} "
            "where list_contains(?, return_id || '|' || attempt)",
            [judged],
        )
    for table in landed:
        connection.execute(
            f"delete from warehouse.landed.{table} where list_contains(?, _return_id)",
            [[event.subject for event in kept]],
        )


def _take_back_findings(connection: duckdb.DuckDBPyConnection, event: Event) -> None:
    """What a look across returns found goes, and what it cleared is open again."""
    connection.execute(
        "delete from warehouse.ledger.findings "
        "where attempt = 0 and list_contains(?, finding_id) and found_at = ?",
        [event.detail.get("found"), event.at],
    )
    connection.execute(
        "update warehouse.ledger.findings set cleared_at = null "
        "where attempt = 0 and list_contains(?, finding_id) and cleared_at = ?",
        [event.detail.get("cleared"), event.at],
    )
