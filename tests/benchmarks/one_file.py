"""One more small file into a home that has many: the CPU seconds and the wall's, in one process.

What a process does once (imports, the first batch's plans) is done by a file before.
"""

import sys
import time
from pathlib import Path

from flows.common.settings import settings_for
from flows.intake.rules import read_rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from tests.benchmarks.measured import Stages, cpu_seconds
from tests.benchmarks.other_files import write_deliveries

LINES = 28


def main(home: Path, folder: Path, rounds: int) -> None:
    """Take in a supplier's return so many times, each another supplier's; print the best."""
    settings = settings_for(home)
    rules = read_rules(settings)
    took: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        file = folder / f"s{700000 + number}_2022-23-q4.csv"
        write_deliveries(file, LINES + number)
        began, spent = time.perf_counter(), cpu_seconds()
        done = take_in(Submission(file, "supplier_returns"), rules, settings)
        took.append((cpu_seconds() - spent, time.perf_counter() - began))
        if done.outcome != "loaded":
            raise RuntimeError(f"{done.outcome}: {done.reason}")
    stages = Stages()
    cpu, wall = min(took[1:])
    stages.seconds = {"CPU": cpu, "wall": wall}
    stages.tell(LINES)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
