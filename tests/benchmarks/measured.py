"""What a contender says of itself: seconds by stage, rows loaded, the most memory it held."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOMENT = "2022-05-10T09:00:00"


class Stages:
    """Seconds by the name of a stage; one that is entered again adds up."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Count the block to the stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0) + time.perf_counter() - began

    def tell(self, rows: int) -> None:
        """Print it all as one line of JSON: the last thing a contender does."""
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        peak = max(_own_peak_mb(), children)
        print(json.dumps({"rows": rows, "seconds": self.seconds, "peak_mb": peak}))


def _own_peak_mb() -> float:
    """The most memory this process held; `ru_maxrss` would count its parent's before it began."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return (
        int(next(line for line in told.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    )


def cpu_seconds() -> float:
    """What this process and those it has waited for have used."""
    own, waited = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + waited.ru_utime + waited.ru_stime


@dataclass(frozen=True)
class Measured:
    """One run of a contender in a process of its own."""

    rows: int
    seconds: dict[str, float]
    peak_mb: float

    @property
    def whole(self) -> float:
        """Seconds of all stages together; starting Python and importing are not among them."""
        return sum(self.seconds.values())


def run(contender: str, *words: object, **environment: str) -> Measured:
    """Run `python -m tests.benchmarks.CONTENDER WORDS`. Raises RuntimeError with what it said."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{contender}", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "SOCIAL_VALUE_NOW": MOMENT, "DO_NOT_TRACK": "1", **environment},
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{contender} failed: {done.stderr.strip()[-2000:]}")
    return Measured(**json.loads(done.stdout.strip().splitlines()[-1]))
