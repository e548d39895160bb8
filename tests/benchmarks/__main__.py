"""`make bench`: how long the road takes by stage, and how much memory, for several sizes."""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (100_000, 1_000_000)

ROAD = """
import json, resource, sys, time
from pathlib import Path
from flows.intake import read_rules, take_in
from flows.intake_result import Sent
from flows.modelling import build
from flows.settings import settings_for
import great_expectations
settings = settings_for(Path(sys.argv[2]))
started = time.perf_counter()
done = take_in(Sent(Path(sys.argv[1]), "finance_payments"), read_rules(settings), settings)
taken = time.perf_counter()
build(settings)
built = time.perf_counter()
print(json.dumps({
    "outcome": done.outcome, "rows": done.counts.loaded,
    "take in": round(taken - started, 2), "model": round(built - taken, 2),
    "peak MB": round(max(resource.getrusage(who).ru_maxrss
                         for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024),
}))
"""


def travel(file: Path, home: Path) -> str:
    """Take a file in and build, in a process of its own; its JSON line of times and memory."""
    done = subprocess.run(
        [sys.executable, "-c", ROAD, str(file), str(home)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "SOCIAL_VALUE_NOW": "2022-05-10T09:00:00"},
    )
    return done.stdout.strip().splitlines()[-1]


def main() -> None:
    """Print a line for each size."""
    from tests.benchmarks.payments import write_payments

    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "lcrca_2022-04.csv"
            write_payments(file, size)
            started = time.perf_counter()
            line = travel(file, Path(folder) / "home")
            print(f"{size:>10,} rows  {line}  whole {time.perf_counter() - started:.1f} s")
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
