"""What may be said of a fault that nobody foresaw: what failed and where, never a cell."""

import errno
import traceback
from pathlib import Path

import duckdb

from expectations.suite import JudgeError
from flows.common.errors import Rejected, SocialValueError

UNFORESEEN = "unforeseen"  # the step of a rejection that is no fault of the sender's
# Faults of the disk or the system: every file would have them.
OF_THE_SYSTEM = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS),
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM),
}


def is_of_one_file(error: Exception) -> bool:
    """Whether a fault may be the doing of the file that was at hand, so that others can go on."""
    if isinstance(error, SocialValueError):
        return isinstance(error, JudgeError)
    if isinstance(error, OSError):
        return error.errno not in OF_THE_SYSTEM
    return not isinstance(error, duckdb.IOException)


def unforeseen(error: Exception, name: str) -> Rejected:
    """The answer to the sender of the file, in words that quote nothing of the fault's own.

    The judge's own words do so as little.
    """
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        why = "needs more memory than SOCIAL_VALUE_MEMORY_LIMIT allows"
    elif isinstance(error, JudgeError):
        why = f"could not be judged ({str(error).rstrip('.')})"
    else:
        where = traceback.extract_tb(error.__traceback__)[-1]
        why = (
            f"could not be taken in for a reason that nobody foresaw ({type(error).__name__} in "
            f"{Path(where.filename).name}, line {where.lineno})"
        )
    return Rejected(
        UNFORESEEN,
        f"{name} {why}: those who look after the software have been told, and it is kept for them.",
    )
