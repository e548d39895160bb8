"""What the warehouse knows when a build begins: the ledger's head, and the returns in force."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from exports.edition.facts import InputReturn
from flows.warehouse import ledger
from flows.warehouse.in_force import IN_FORCE_AS_OF


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
    return Inputs(ledger.head(connection), [InputReturn(*row) for row in rows])
