"""A file without a name: it is gone when its process is, however that ends."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def nameless(folder: Path) -> Iterator[Path]:
    """An empty file on the disk of `folder` that no folder lists, by a path to open it with.

    The path holds for this process and those it starts. Where the system has no /proc, it is a
    private file with a name, which is removed at the end or by the next run.
    """
    if Path("/proc/self/fd").is_dir():
        with tempfile.TemporaryFile(dir=folder) as stream:
            yield Path(f"/proc/{os.getpid()}/fd/{stream.fileno()}")
        return
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
