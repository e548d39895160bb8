"""What a command takes once Prefect's server is up: an empty sweep, 500 workbooks, a release.

Of a release the proof that it gives nobody away is taken by itself too.
"""

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path

from exports.disclosure.apply import protect_tables
from exports.disclosure.thresholds import read_thresholds
from exports.edition.facts import ReleaseFacts
from exports.release.inputs import read_rows
from flows.commands.options import with_prefect
from flows.common import clock
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.warehouse.connection import reading
from flows.warehouse.ledger import newest
from tests.benchmarks.other_files import write_supplier_workbooks
from tests.support.definitions import PLACES

FILES = 500


def main(home: Path, demo: Path | None) -> None:
    """Sweep in `home`, and publish the last quarter of the two years in `demo`, if it is there."""
    with with_prefect(home) as settings:
        _measure(settings, demo)


def _measure(settings: Settings, demo: Path | None) -> None:
    from prefect import flow

    took: dict[str, float] = {}

    @flow(name="benchmark")
    def measure() -> None:
        _sweeps(settings, took)
        if demo is not None:
            _publish(demo, took)

    began = time.perf_counter()
    measure()
    took["Prefect's start"] = time.perf_counter() - began - sum(took.values())
    print(json.dumps(took))


def _sweeps(settings: Settings, took: dict[str, float]) -> None:
    from flows.operations.prefect_flows import ingest

    ingest(None, settings.home)  # makes the home
    began = time.perf_counter()
    ingest(None, settings.home)
    took["empty"] = time.perf_counter() - began
    write_supplier_workbooks(settings.inbox / "supplier_returns", FILES)
    old = time.time() - 3600
    for path in (settings.inbox / "supplier_returns").iterdir():
        os.utime(path, (old, old))
    began = time.perf_counter()
    done = ingest(None, settings.home)
    took["sweep"] = time.perf_counter() - began
    if [one.outcome for one in done] != ["loaded"] * FILES:
        raise RuntimeError(f"{done[0].outcome}: {done[0].reason}")


def _publish(home: Path, took: dict[str, float]) -> None:
    from flows.operations.prefect_flows import build_models, publish_quarterly

    ended = _ended(home)
    with clock.set_to(ended):
        began = time.perf_counter()
        build_models(home)
        took["build"] = time.perf_counter() - began
        began = time.perf_counter()
        publish_quarterly("2022-23 Q3", home)
        took["publish"] = time.perf_counter() - began
    took["proof"] = _proof_seconds(home, ended)


def _ended(home: Path) -> datetime:
    """When the newest event of the demo was: its clock goes on from there."""
    with reading(Settings(home=home)) as connection:
        found = newest(connection)
    if found is None:
        raise RuntimeError(f"{home}: nothing has happened there")
    return found.at


def _proof_seconds(home: Path, ended: datetime) -> float:
    """How long it takes to hide who must be, and to prove it, with all releases of the demo."""
    settings = Settings(home=home)
    facts = ReleaseFacts("quarterly", read_period("2022-23 Q4"), ended, "", "", ())
    read = read_rows(
        facts,
        settings.analysts,
        settings.published,
        PLACES.tables,
        read_thresholds(PLACES.thresholds),
    )
    began = time.perf_counter()
    protect_tables(read.selections, read.thresholds, read.elsewhere, read.past)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
