"""Whose a temporary file is: of which machine, since which boot, in which PID namespace, by whom.

A process's number says nothing elsewhere: a home that several machines share, or containers of one
machine, has files of processes that cannot be seen from here.
"""

import os
import re
import socket
from functools import cache
from pathlib import Path

_MARK = re.compile(r"([a-z0-9-]+)\.([0-9a-f]{8})\.(\d+)\.(\d+)")
MARK = _MARK.pattern.replace("(", "(?:")  # in the pattern of a name


def own_mark() -> str:
    """What this process's temporary files are called by: `host.boot.namespace.process`."""
    return f"{'.'.join(_place())}.{os.getpid()}"  # the number anew: a process may have forked


def is_dead(mark: str) -> bool:
    """Whether a process is over, for certain; False where that cannot be known from here.

    One of this machine before it was started again is; a number alone is one of an earlier version.
    """
    if mark.isdigit():
        return not _lives(int(mark))
    found = _MARK.fullmatch(mark)
    if found is None:
        return False
    *place, number = found.groups()
    own = _place()
    if place[0] != own[0]:
        return False
    if place[1] != own[1]:
        return True
    return place[2] == own[2] and not _lives(int(number))


@cache
def _place() -> tuple[str, str, str]:
    """This machine, since when it runs, and the space that processes have their numbers in."""
    host = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().lower()).strip("-")[:24] or "host"
    return host, _boot(), _namespace()


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]
    except OSError:  # no Linux: whether the machine was started again is not known
        return "0" * 8


def _namespace() -> str:
    try:
        return re.sub(r"\D", "", str(Path("/proc/self/ns/pid").readlink())) or "0"
    except OSError:
        return "0"


def _lives(process: int) -> bool:
    """Whether there is a process of that number, whoever it belongs to."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
