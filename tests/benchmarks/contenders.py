"""The four ways from a payments file to the figures, each in a process and a home of its own."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.warehouse.postcodes import ensure_postcodes
from tests.benchmarks.measured import Measured, run
from tests.benchmarks.payments import write_payments, write_vendors

OURS = ("limit", "road")


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


Runs = dict[tuple[Race, str], Measured]


def race(races: Mapping[Race, Sequence[str]], first: Race) -> Runs:
    """Let each contender run each race, after a run of `first` that is not counted.

    In it dbt parses the project, and leaves what it has parsed, and its plan, for the others. What
    another's way cannot run is not counted.
    """
    runs: Runs = {}
    with track(first) as ground:
        ground.run("road")
    for one, names in races.items():
        with track(one) as ground:
            for name in names:
                try:
                    runs[one, name] = done = ground.run(name)
                except RuntimeError as error:
                    if name in OURS:
                        raise
                    tell(f"{one}: {error}")
                    continue
                tell(f"{one}: {name} {done.whole:.1f} s, {done.peak_mb:,.0f} MB")
    return runs


def tell(line: str) -> None:
    """Say how far the benchmark is, to who waits for it."""
    print(line, file=sys.stderr, flush=True)
