"""The four ways from a payments file to the figures, each in a process and a home of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.warehouse.postcodes import ensure_postcodes
from tests.benchmarks.measured import Measured, run
from tests.benchmarks.payments import write_payments, write_vendors

SMALL = 1_000  # rows of a file whose time is that of starting everything
MILLION = 1_000_000


@dataclass(frozen=True)
class Race:
    """A payments file of a size, and one line in how many is bad (0: none)."""

    rows: int
    bad_every: int = 0

    def __str__(self) -> str:
        bad = f", {100 // self.bad_every} % bad" if self.bad_every else ""
        return f"{self.rows:,} rows{bad}"


@contextmanager
def track(race: Race) -> Iterator["Track"]:
    """A folder with the race's files, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, vendors = folder / "lcrca_2022-04.csv", folder / "vendors" / "lcrca_2022-04.csv"
        vendors.parent.mkdir()
        write_payments(file, race.rows, race.bad_every)
        write_vendors(vendors)
        ensure_postcodes(folder / "reference.duckdb")
        yield Track(folder, file, vendors)


@dataclass(frozen=True)
class Track:
    """Where the files of a race lie."""

    folder: Path
    file: Path
    vendors: Path

    def run(self, contender: str) -> Measured:
        """Let one contender run from an empty home."""
        home = self.folder / contender
        home.mkdir()
        shutil.copy(self.folder / "reference.duckdb", home / "reference.duckdb")
        try:
            return run(
                contender,
                self.file,
                self.vendors,
                home,
                SOCIAL_VALUE_POSTCODES=str(home / "reference.duckdb"),
            )
        finally:
            shutil.rmtree(home)
