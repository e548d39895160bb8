"""Which files came by the post, and what became of each: what there is to answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb

from flows.common.settings import Settings
from flows.post.record import COLLECTED
from flows.post.sources import Outcome
from flows.warehouse import ledger
from flows.warehouse.connection import reading

# The newest judgement of each file; one file may be the returns of several periods.
_FILINGS = """
    select filing_id, attempt, any_value("return"), any_value(sender), any_value(sha256),
           any_value(file_name), max(received_at),
           case when bool_or(outcome = 'rejected') then 'rejected'
                when bool_or(outcome = 'held') then 'held'
                when sum(rows_quarantined) > 0 then 'partly quarantined'
                else 'loaded' end,
           list(distinct period order by period)
    from warehouse.ledger.returns as r
    where attempt = (select max(attempt) from warehouse.ledger.returns as newer
                     where newer.filing_id = r.filing_id)
    group by filing_id, attempt
    order by max(received_at), any_value("return"), min(period), filing_id
"""


@dataclass(frozen=True)
class Came:
    """A file that came by a source, as it was judged last."""

    source: str
    filing_id: str
    attempt: int
    return_name: str
    sender: str
    file_name: str
    received_at: datetime
    outcome: Outcome
    periods: list[str]

    @property
    def about(self) -> str:
        """What the ledger knows its answer by: each judgement has one."""
        return f"{self.filing_id}/{self.attempt}"


def came_by_post(settings: Settings) -> list[Came]:
    """Every file that came by a source and was judged, the oldest first."""
    with reading(settings) as connection:
        return list(_came(connection))


def _came(connection: duckdb.DuckDBPyConnection) -> Iterator[Came]:
    by = {
        (one.detail.get("sha256"), one.detail.get("sender"), one.detail.get("return")): one.subject
        for one in ledger.events_of(connection, [COLLECTED])
    }
    for filing, attempt, name, sender, sha256, file, at, outcome, periods in connection.execute(
        _FILINGS
    ).fetchall():
        if source := by.get((sha256, sender, name)):
            yield Came(source, filing, attempt, name, sender, file, at, outcome, periods)
