"""What a sweep of many small files takes once Prefect's server is up, and one of an empty inbox."""

import json
import os
import sys
import time
from pathlib import Path

from flows.commands.options import with_prefect
from flows.common.settings import Settings
from tests.benchmarks.measured import cpu_seconds
from tests.benchmarks.other_files import write_supplier_files, write_supplier_workbooks


def main(home: Path, files: int) -> None:
    """Sweep in `home`: nothing, workbooks from many suppliers, as many CSV files from others."""
    with with_prefect(home) as settings:
        _measure(settings, files)


def _measure(settings: Settings, files: int) -> None:
    from prefect import flow

    took: dict[str, float] = {}

    @flow(name="benchmark")
    def measure() -> None:
        _sweeps(settings, took, files)

    began = time.perf_counter()
    measure()
    whole = time.perf_counter() - began
    took["Prefect's start"] = whole - took["empty"] - took["workbooks"] - took["files"]
    print(json.dumps(took))


def _sweeps(settings: Settings, took: dict[str, float], files: int) -> None:
    from flows.operations.prefect_flows import ingest

    ingest(None, settings.home)  # makes the home
    began = time.perf_counter()
    ingest(None, settings.home)
    took["empty"] = time.perf_counter() - began
    folder = settings.inbox / "supplier_returns"
    for name, write in (("workbooks", write_supplier_workbooks), ("files", write_supplier_files)):
        write(folder, files)
        old = time.time() - 3600
        for path in folder.iterdir():
            os.utime(path, (old, old))
        began, spent = time.perf_counter(), cpu_seconds()
        done = ingest(None, settings.home)
        took[name] = time.perf_counter() - began
        took[f"{name}, CPU"] = cpu_seconds() - spent
        if [one.outcome for one in done] != ["loaded"] * files:
            raise RuntimeError(f"{done[0].outcome}: {done[0].reason}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
