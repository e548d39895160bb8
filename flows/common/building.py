"""A folder that appears whole or not at all: built beside its place, then renamed into it."""

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".building-"
_AT_ONCE = 16


class PlaceTaken(Exception):
    """Something stands in the place already; nothing was overwritten."""


@contextmanager
def building_folder(beside: Path) -> Iterator[Path]:
    """A new folder in `beside`, gone afterwards unless it was renamed into its place.

    Its lock dies with the process that holds it: that is how left-over folders of dead processes
    are told from those at work; they are wiped first.
    """
    beside.mkdir(parents=True, exist_ok=True)
    for left_over in sorted(beside.glob(f"{PREFIX}*")):
        _wipe_if_dead(left_over)
    folder, lock = _locked_folder(beside)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def put_in_place(folder: Path, place: Path) -> None:
    """Make the folder's files read-only and durable and rename it to `place`, whole.

    Raises PlaceTaken if something is there.
    """
    files, folders = [], []
    for parent, _, names in os.walk(folder, topdown=False):
        files += [Path(parent, name) for name in names]
        folders.append(Path(parent))
    for path in files:
        path.chmod(0o444)
    # Side by side: each waits for the disk, and a release has hundreds.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(_to_disk, [*files, *folders]))
    try:
        # Renaming onto a folder that holds anything fails: a release is never overwritten.
        folder.rename(place)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise PlaceTaken(f"{place} exists already.") from None
        raise
    _to_disk(place.parent)


def _locked_folder(beside: Path) -> tuple[Path, int]:
    while True:
        folder = beside / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another process may have taken it for a left-over before it was locked.
        if folder.exists():
            return folder, lock
        os.close(lock)


def _wipe_if_dead(folder: Path) -> None:
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return
        raise
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    except BlockingIOError:
        return
    finally:
        os.close(lock)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
