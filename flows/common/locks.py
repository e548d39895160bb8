"""Locks on files, which the system frees when their holder dies, and who holds them."""

import errno
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.common.errors import SocialValueError


class Busy(SocialValueError):
    """Someone else has held a lock for longer than we wait."""


class NoLocks(SocialValueError):
    """The disk has no locks, as some network disks."""


@contextmanager
def locked(
    path: Path,
    *,
    exclusive: bool = True,
    wait: float | None = None,
    what: str = "this",
    busy: type[Busy] = Busy,
) -> Iterator[int]:
    """Hold the lock of the file `path`, made if need be; gives the open file that holds it.

    The system frees a lock when its holder dies. `wait`: for so many seconds (default: for ever),
    after which `busy` is raised, which names who holds `what`. Raises NoLocks.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait_for(handle, path, exclusive, wait, what, busy)
        yield handle
    finally:
        os.close(handle)  # frees the lock


def _wait_for(
    handle: int, path: Path, exclusive: bool, wait: float | None, what: str, busy: type[Busy]
) -> None:
    began, is_named = time.monotonic(), False
    while not _taken(handle, path, exclusive):
        waited = time.monotonic() - began
        if wait is not None and waited >= wait:
            raise busy(
                f"Another run{_named(_holders(handle))} has held {what} for more than {wait:g} "
                "seconds: wait for it to end, or stop it, and run this again."
            )
        if not is_named and waited >= 0.5:  # most have done by then
            is_named, holders = True, _holders(handle)
            if os.getpid() not in holders:  # else it is another file of the same sweep
                print(
                    f"Waiting for another run{_named(holders)} to finish with {what} ...",
                    file=sys.stderr,
                )
        time.sleep(0.05)


def _taken(handle: int, path: Path, exclusive: bool) -> bool:
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):
            raise NoLocks(
                f"The disk of {path} gives no locks, as some network disks, so two runs could "
                "write at once: keep the home on a disk of this machine, or mount it with locks."
            ) from None
        raise
    return True


def _holders(handle: int) -> list[int]:
    """Who holds the lock now, as the system says; empty where it does not."""
    try:
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    inode = str(os.fstat(handle).st_ino)
    held = [line.split() for line in lines if "->" not in line]  # these wait
    numbers = {int(one[4]) for one in held if one[5].rpartition(":")[2] == inode}
    return sorted(number for number in numbers if number > 0)


def _named(holders: list[int]) -> str:
    return f" (process {', '.join(map(str, holders))})" if holders else ""
