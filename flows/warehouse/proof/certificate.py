"""What `audit check` leaves to be filed: when it looked, at what, and what it found."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from flows.common.files import written_whole
from flows.common.settings import Settings
from flows.warehouse.digests import landed_tables
from flows.warehouse.ledger import Event
from flows.warehouse.releases import Anchor, Fault

WELL = "All is as the ledger says: its chain, its rows, the archive and every release."


@dataclass(frozen=True)
class Certificate:
    """How many of what stood there when the home was checked, and the ledger's head then."""

    at: datetime
    home: Path
    head: Anchor | None
    against: Anchor | None
    events: int
    files: int
    judgements: int
    rows: int
    releases: int
    faults: int

    @property
    def verdict(self) -> str:
        """One sentence."""
        if not self.faults:
            return WELL
        return f"{self.faults} {'thing is' if self.faults == 1 else 'things are'} not as it was."

    @property
    def lines(self) -> list[str]:
        """The certificate as text, a name and a value a line."""
        against = "no anchor: what came after the newest one in other hands nobody else vouches for"
        named = {
            "verdict": self.verdict,
            "checked": f"{self.at:%d %B %Y %H:%M:%S} UTC",
            "home": self.home,
            "ledger's head": self.head or "no event yet",
            "held against": self.against or against,
            "events": f"{self.events:,}",
            "files": f"{self.files:,}, each sealed in the archive or disposed of on record",
            "judgements": f"{self.judgements:,}, of returns that came",
            "rows": f"{self.rows:,}, of returns",
            "releases": f"{self.releases:,}",
        }
        width = max(map(len, named))
        return [f"{name:<{width}}  {value}" for name, value in named.items()]


def certify(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    events: Sequence[Event],
    faults: Sequence[Fault],
    against: Anchor | None,
    at: datetime,
) -> Certificate:
    """The certificate of a check at the moment `at`, of the warehouse that is attached."""
    newest = events[-1] if events else None
    tables = [f"warehouse.landed.{table}" for table in landed_tables(connection)]
    return Certificate(
        at=at,
        home=settings.home,
        head=Anchor(newest.seq, newest.at, newest.hash) if newest else None,
        against=against,
        events=len(events),
        files=_count(connection, "warehouse.ledger.files"),
        judgements=_count(connection, "warehouse.ledger.returns"),
        rows=sum(_count(connection, table) for table in tables),
        releases=sum(event.kind == "published" for event in events),
        faults=len(faults),
    )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows a table has: `table` is one of the warehouse's own names, never a user's."""
    (found,) = connection.execute(f"select count(*) from {table}").fetchone() or (0,)
    return int(found)


def file_away(certificate: Certificate, faults: Sequence[Fault], settings: Settings) -> Path:
    """Write the certificate, and each fault, under `audit/certificates`; returns the file.

    Its last line is the SHA-256 of those before it. Raises OSError where the home may not be
    written.
    """
    lines = certificate.lines + [
        f"fault  {one.what}: {one.where}; expected {one.expected}, found {one.found}"
        for one in faults
    ]
    text = "\n".join(lines) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    folder = settings.audit / "certificates"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{certificate.at:%Y-%m-%dT%H%M%SZ}.txt"
    with written_whole(path, 0o600) as partial:
        partial.write_text(f"{text}sha256  {digest}\n", encoding="utf-8")
    return path
