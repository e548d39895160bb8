"""What people decide about findings and releases: recorded in the ledger, for ever, by name."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from flows.common.errors import InputError
from flows.warehouse import ledger


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
