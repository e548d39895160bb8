"""What becomes of a file that is sent: light enough to be listed without the judge."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from flows.common.files import slug
from flows.returns.identity import Hints, sender_and_part
from flows.warehouse.filing import Counts

Outcome = Literal["loaded", "held", "rejected", "duplicate"]


@dataclass(frozen=True)
class Look:
    """What tells a file from another, and from itself once something was written to it."""

    inode: int
    size: int
    changed: int  # nanoseconds


def look_at(path: Path) -> Look | None:
    """How the file is now; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Look(found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class Submission:
    """A file to take in: where it lies, for which return, and what the command line says of it.

    `name`: what its sender called it, where that is not the path's name. `again`: judge it anew.
    `archived`: its hash, where the path is the archive's and the bytes are sealed. `came_at`: when
    it came (UTC, without a zone), where that is not now: past deliveries are taken in as of then.
    `look`: how the file was when it was last looked at; None where nobody has.
    """

    path: Path
    return_name: str
    hints: Hints = Hints()
    again: bool = False
    name: str | None = None
    archived: str | None = None
    came_at: datetime | None = None
    look: Look | None = None

    @property
    def file_name(self) -> str:
        """What the file was called by its sender; bytes that are no UTF-8 are shown as such."""
        return os.fsencode(self.name or self.path.name).decode("utf-8", errors="replace")

    @property
    def sender(self) -> str:
        """Who sent it, as the command line or the file's name says; '' if neither does."""
        return slug(self.hints.sender) if self.hints.sender else sender_and_part(self.file_name)[0]

    @property
    def queue(self) -> str:
        """Files of one queue may be for the same slot, so they go in one after the other."""
        part = self.hints.part or sender_and_part(self.file_name)[1]
        return "/".join((self.return_name, self.sender, part))

    @property
    def size(self) -> int:
        """How many bytes it has; 0 if it is in the archive, or gone."""
        return self.path.stat().st_size if self.archived is None and self.path.is_file() else 0


@dataclass(frozen=True)
class Ingested:
    """What became of a file; `returns` are the ids of its returns, one for each period."""

    file: str
    return_name: str
    outcome: Outcome
    reason: str | None = None
    sender: str = ""
    period: str = ""
    filing: str = ""
    returns: list[str] = field(default_factory=list)
    counts: Counts = Counts()

    @property
    def is_kept(self) -> bool:
        """Whether the registry has the file, so that it may leave the inbox."""
        return bool(self.returns)


def not_taken(submission: Submission, reason: str) -> Ingested:
    """The answer for a file that the registry never got: it stays where it is."""
    return Ingested(submission.file_name, submission.return_name, "rejected", reason)
