"""A quarter's report, its build in place: all of it, and its parts."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from exports.release import assemble
from exports.release import publish as publishing
from flows.common.settings import settings_for
from flows.modelling.build import build
from flows.operations.publish import publish
from flows.operations.record import LogRecord
from tests.benchmarks.measured import Stages

PARTS: dict[str, tuple[Any, str]] = {
    "read the tables": (publishing, "read_rows"),
    "disclosure proof": (publishing, "protect_tables"),
    "history": (publishing, "_history"),
    "workbook": (assemble, "write_workbook"),
    "PDF": (assemble, "book_of"),
    "zip": (assemble, "zip_of"),
    "site": (assemble, "site_pages"),
    "list of releases": (publishing, "write_index"),
}


def _timed(stages: Stages, name: str, step: Callable[..., object]) -> Callable[..., object]:
    def timed(*given: object, **named: object) -> object:
        with stages.timed(name):
            return step(*given, **named)

    return timed


def main(home: Path, period: str) -> None:
    """Build, then publish; print what publishing took, and its parts."""
    settings = settings_for(home)
    build(settings)
    stages = Stages()
    for name, (module, function) in PARTS.items():
        setattr(module, function, _timed(stages, name, getattr(module, function)))
    began = time.perf_counter()
    done = publish("quarterly", period, settings, LogRecord(settings, "benchmark"))
    whole = time.perf_counter() - began
    if not done.changed:
        raise RuntimeError(f"{done.name} was published already: nothing was made")
    stages.seconds["the rest"] = whole - sum(stages.seconds.values())
    stages.tell(len(done.files))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
