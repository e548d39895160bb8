"""Whether a release may go out: what blocks it, who overrode it, and what its readers must know."""

from collections.abc import Sequence

import duckdb

from exports.edition.facts import Block, Edition, ReleaseFacts, status_of
from exports.figures.selection import Selection, SelectionError
from flows.common.errors import Refused


class ReleaseBlocked(Refused):
    """Something stands against publishing, and nobody overrode it."""

    def __init__(self, reasons: Sequence[Block]) -> None:
        """`reasons`: every block that no override names."""
        self.reasons = list(reasons)
        listed = "; ".join(f"{one.kind}: {one.what} ({one.detail})" for one in self.reasons)
        super().__init__(f"The release is blocked: {listed}.")


def read_blocks(connection: duckdb.DuckDBPyConnection, quarters: Sequence[str]) -> list[Block]:
    """What stands against publishing figures of the quarters, sorted. Raises SelectionError."""
    sql = """
        select kind, what, detail from publication.pub_release_blocks
        where list_contains(?::varchar[], quarter)
    """
    try:
        found = connection.execute(sql, [list(quarters)]).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise SelectionError(
            "publication.pub_release_blocks is not as it should be"
            f" ({str(error).splitlines()[0]}); build the models again."
        ) from None
    return sorted({Block(str(kind), str(what), str(detail)) for kind, what, detail in found})


def clear(
    facts: ReleaseFacts, selections: Sequence[Selection], blocks: Sequence[Block]
) -> tuple[Edition, list[str]]:
    """The edition that may go out (as a first revision), and warnings.

    Only overrides that a block needed are printed in it. Raises ReleaseBlocked.
    """
    blocking = {block.what for block in blocks}
    used = sorted({one for one in facts.overrides if one.what in blocking})
    named = {one.what for one in used}
    if reasons := [block for block in blocks if block.what not in named]:
        raise ReleaseBlocked(reasons)
    warnings = [f"Published although blocked: {one.what}, overridden by {one.by}." for one in used]
    edition = Edition(facts, 1, _status(selections, facts.period.label), used)
    return edition, [*warnings, *_incomplete(selections)]


def _status(selections: Sequence[Selection], period: str) -> str:
    """The status of the period itself: rows about other periods do not count."""
    found: list[str] = []
    for selection in selections:
        statuses = selection.column("status")
        periods = [cell.text for cell in selection.column("period")] or [period] * len(statuses)
        found += [
            cell.text for cell, about in zip(statuses, periods, strict=False) if about == period
        ]
    return status_of(found)


def _incomplete(selections: Sequence[Selection]) -> list[str]:
    """A sentence for each return that the figures lack, and for rows held back."""
    received = next((one for one in selections if one.table.name == "returns_received"), None)
    if received is None:
        return []
    warnings = []
    for row in received.texts_by_column:
        slot = f"{row['return']} of {row['sender']} for {row['period']} ({row['part']})"
        if row["outcome"] != "loaded":
            warnings.append(f"Not in the figures: {slot}, which is {row['outcome']}.")
        elif row["rows_quarantined"] not in ("0", "[x]", "[z]"):
            rows = "1 row" if row["rows_quarantined"] == "1" else f"{row['rows_quarantined']} rows"
            warnings.append(f"Held back from {slot}: {rows}.")
    return warnings
