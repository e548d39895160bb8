"""What one worker of a test run makes and all others use."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[Path]:
    """Hold the lock that goes with `path`, which is there when its first holder has made it."""
    with path.with_name(f"{path.name}.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield path
