"""A file of the inbox is moved into a folder of the run's own before it is read.

What stands in the inbox under its name from then on is another file, and stays. The folder lies
beside the file, so that the move is one step and the file keeps its name. Its lock ends with the
process that holds it: what a run that was killed has left there waits as any file of the inbox.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from flows.common.settings import Settings
from flows.intake.submission import Ingested, Submission, look_at

PREFIX = ".taken-"


@contextmanager
def claimed(
    submissions: Sequence[Submission], settings: Settings
) -> Iterator[list[Submission | None]]:
    """The files, those of the inbox moved out of everybody's reach.

    None where one is no longer there, or has changed since it was seen: it waits for the next
    sweep. What `leave_inbox` has not removed goes back at the end.
    """
    places = {id(one): _place(one) for one in submissions if _is_in_inbox(one, settings)}
    if not places:
        yield list(submissions)
        return
    own = {parent: _own_folder(parent) for parent in {one.parent for one in places.values()}}
    folders = {name: own[place.parent][0] for name, place in places.items()}
    try:
        yield [_move(one, folders[id(one)]) if id(one) in places else one for one in submissions]
    finally:
        for name, place in places.items():
            _put_back(folders[name] / place.name, place)
        for folder, lock in own.values():
            with suppress(OSError):  # what could not go back waits in it
                folder.rmdir()
            os.close(lock)


def leave_inbox(submission: Submission, done: Ingested) -> None:
    """Remove a claimed file once the registry has it; its bytes are in the archive.

    One that somebody has gone on writing to is not what was read: it goes back.
    """
    path = submission.path
    is_claimed = path.parent.name.startswith(PREFIX)
    if is_claimed and done.is_kept and look_at(path) == submission.look:
        path.unlink(missing_ok=True)


def left_over(folder: Path) -> Iterator[Path]:
    """Files that a run which is no more has claimed in a folder of the inbox.

    Senders write there too: a link to another folder, or a folder of theirs, is no claim.
    """
    for claim in folder.glob(f"{PREFIX}*"):
        try:
            lock = os.open(claim, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if os.fstat(lock).st_uid != os.geteuid():
                continue
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found = list(claim.iterdir())
            if not found:
                claim.rmdir()
            yield from found
        except OSError:  # somebody is at work with it
            continue
        finally:
            os.close(lock)


def _is_in_inbox(submission: Submission, settings: Settings) -> bool:
    return submission.archived is None and settings.inbox in submission.path.parents


def _place(submission: Submission) -> Path:
    """Where the file stands in the inbox, or stood before a run that is no more claimed it."""
    path = submission.path
    return path.parent.with_name(path.name) if path.parent.name.startswith(PREFIX) else path


def _own_folder(beside: Path) -> tuple[Path, int]:
    while True:
        folder = beside / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o700)
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():  # else it was taken for a left-over before it was locked
            return folder, lock
        os.close(lock)


def _move(submission: Submission, folder: Path) -> Submission | None:
    path = folder / submission.path.name
    try:
        submission.path.rename(path)
    except FileNotFoundError:
        return None
    look = look_at(path)
    # A link may have come in the file's place, and lead to the same file until it is read.
    if path.is_symlink() or (submission.look is not None and look != submission.look):
        return None
    return replace(submission, path=path, name=submission.file_name, look=look)


def _put_back(path: Path, place: Path) -> None:
    """Back to its name, unless another file has come under it: then it waits where it is."""
    try:
        os.link(path, place, follow_symlinks=False)
        path.unlink()
    except (FileNotFoundError, FileExistsError):
        return
    except OSError:  # a disk without hard links, or a file of somebody else's
        if not place.exists():
            path.rename(place)


def readable_path(path: Path, closing: ExitStack) -> Path:
    """A path that everybody can open: DuckDB cannot, where a name is no UTF-8."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        with suppress(OSError):  # who reads it says why it cannot be read
            stream = closing.enter_context(path.open("rb"))
            return Path(f"/proc/{os.getpid()}/fd/{stream.fileno()}")
    return path
