"""Every fault as one sentence for its reader, and the exit status that goes with it."""

import errno
import sys
from typing import ClassVar

DISK_FULL = "The disk is full: free some space and run this again; nothing was half kept."
NO_RIGHT = "may not be read or written: give this user the right to it and run this again."


class SocialValueError(Exception):
    """A fault of this software's own finding: its text is a sentence, and quotes no cell.

    `notice`: what people are told of a run that ended so, where the sentence itself stays behind.
    """

    exit_status: ClassVar[int] = 3
    notice: ClassVar[str | None] = None


class InputError(SocialValueError):
    """What was asked for is not there, or cannot be understood."""

    exit_status = 2


class Refused(SocialValueError):
    """What was asked for is understood, and is not done for a reason that stands in it."""

    exit_status = 1


class Rejected(Refused):
    """The return is rejected as a whole; the message is the answer to its sender.

    One sentence: what is wrong, where, and what to do. `step` says how far the return came.
    """

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(reason)
        self.step = step
        self.reason = reason


def sentence_for(error: Exception) -> tuple[int, str]:
    """The exit status for a fault, and what to tell the reader."""
    if isinstance(error, SocialValueError):
        return error.exit_status, str(error)
    text = " ".join(str(error).split())
    if _is_a(error, "pydantic", "ValidationError") and getattr(error, "title", "") == "Settings":
        return 2, f"A SOCIAL_VALUE_ setting is wrong: {text}"
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return 3, f"{error.filename} {NO_RIGHT}"
    if (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "No space left" in text:
        return 3, DISK_FULL
    if (
        any(word in text.lower() for word in ("ephemeral", "failed to reach api"))
        or _is_a(error, "httpx", "ConnectError")
        or _is_a(error, "prefect.exceptions", "PrefectHTTPStatusError")
    ):
        return 3, (
            f"Prefect's server cannot be reached ({text}): check PREFECT_API_URL, or unset it to "
            "have one started, and run this again; nothing is half done."
        )
    name = type(error).__name__
    return 3, f"The system failed ({name}: {text}): run again with --debug and keep what it prints."


def _is_a(error: Exception, module: str, name: str) -> bool:
    """Whether the fault is of a library's class; one that nobody imported has raised nothing."""
    kind = getattr(sys.modules.get(module), name, None)
    return isinstance(kind, type) and isinstance(error, kind)
