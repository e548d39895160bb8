"""What the post asks of every kind of source: what lies there, its bytes, and to put it away."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol

from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.post.sources import Source

PATIENCE = 30  # seconds for a server to answer
CHUNK = 1 << 18
MOST_ENTRIES = 20_000  # of a source that are looked at
DEPTH = 4  # folders, one in another
DONE, ASIDE, ANSWERS = "done", "aside", "answers"
OURS = (DONE, ASIDE, ANSWERS)  # folders at a source that nothing is fetched from
LIBRARIES = "pip install 'social-value-warehouse[post]'"


class NotReached(SocialValueError):
    """A source cannot be reached, or the line was cut."""


@dataclass(frozen=True)
class Item:
    """A file at a source. `version`: what is another when its content is.

    `path`: below the address. `is_whole`: it cannot be there half. `sender`: where the road knows.
    `is_mail`: it is a message, whose files are attached to it.
    """

    path: str
    size: int
    modified: datetime
    version: str
    is_whole: bool = False
    sender: str = ""
    is_mail: bool = False

    def word(self, source: Source) -> str:
        """What tells this state of the file from every other file, and says nothing of it."""
        return digest(source.id, self.path, self.version)

    @property
    def put_away(self) -> str:
        """Where it goes below `done` or `aside`: two of one name do not meet."""
        path = PurePosixPath(self.path)
        return str(path.with_name(f"{self.modified:%Y%m%dT%H%M%S}_{path.name}"))


class Road(Protocol):
    """An open connection to a source. Everything raises NotReached.

    `left_alone`: how much else was seen there that nobody may open. `is_cut`: more lies there than
    is looked at.
    """

    left_alone: int
    is_cut: bool

    def items(self) -> list[Item]:
        """The files that lie there, without those that were put away."""

    def fetch(self, item: Item, into: BinaryIO) -> None:
        """Write the bytes of a file, at most one more than its size."""

    def put_away(self, item: Item, folder: str) -> None:
        """Move or flag a file as `done` or `aside`; nothing where that was done before."""


class FileRoad(Road, Protocol):
    """A source that files can be left at."""

    def leave(self, path: str, content: bytes) -> None:
        """Write a file below the address, whole, in the place of one of that name."""


@contextmanager
def opened(source: Source, settings: Settings) -> Iterator[Road]:
    """The source, connected to. Raises NotReached, NoCredential."""
    try:
        module = import_module(f"flows.post.roads.{source.kind}")
    except ImportError as error:
        raise NotReached(f"{source.id} needs {error.name}: {LIBRARIES}.") from None
    with module.connected(source, settings) as road:
        yield road


def digest(*parts: str) -> str:
    """A short name for these texts, from which they cannot be read."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:24]
