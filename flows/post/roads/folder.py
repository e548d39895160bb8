"""A shared folder, which another team's sync writes. Links are left alone."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from flows.common.files import to_disk, written_whole
from flows.common.settings import Settings
from flows.post.road import CHUNK, DEPTH, MOST_ENTRIES, OURS, Item, NotReached
from flows.post.sources import Source


@contextmanager
def connected(source: Source, _: Settings) -> Iterator["FolderRoad"]:
    """The folder, if it is there. Raises NotReached."""
    place = Path(source.address)
    try:
        if not place.is_dir():
            raise NotReached(f"{source.id}: the folder is not there: is the disk mounted?")
        yield FolderRoad(place)
    except OSError as error:
        raise NotReached(f"{source.id}: the folder cannot be used ({error.strerror}).") from None


class FolderRoad:
    """Files below a folder."""

    left_alone = 0
    is_cut = False

    def __init__(self, place: Path) -> None:
        self.place = place

    def items(self) -> list[Item]:
        """The regular files."""
        found = list(islice(self._below(self.place, 0), MOST_ENTRIES + 1))
        self.is_cut = len(found) > MOST_ENTRIES
        return found[:MOST_ENTRIES]

    def _below(self, folder: Path, depth: int) -> Iterator[Item]:
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            if entry.is_dir(follow_symlinks=False):
                if depth < DEPTH and not (depth == 0 and entry.name in OURS):
                    yield from self._below(Path(entry.path), depth + 1)
            elif entry.is_file(follow_symlinks=False):
                found = entry.stat(follow_symlinks=False)
                path = Path(entry.path).relative_to(self.place).as_posix()
                modified = datetime.fromtimestamp(found.st_mtime, UTC).replace(tzinfo=None)
                version = f"{found.st_size}/{found.st_mtime_ns}/{found.st_ino}"
                yield Item(path, found.st_size, modified, version)

    def fetch(self, item: Item, into: BinaryIO) -> None:
        """Copy the bytes."""
        handle = os.open(self.place / item.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return
            left = item.size + 1
            while left and (chunk := stream.read(min(CHUNK, left))):
                into.write(chunk)
                left -= len(chunk)

    def put_away(self, item: Item, folder: str) -> None:
        """Move the file."""
        target = self.place / folder / item.put_away
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.place / item.path).rename(target)

    def leave(self, path: str, content: bytes) -> None:
        """Write the file; whoever may read the folder may read it. A link leads nowhere."""
        target, rights = self.place / path, self.place.stat().st_mode & 0o777
        for parent in reversed(target.relative_to(self.place).parents[:-1]):
            above = self.place / parent
            if above.is_symlink():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            if not above.is_dir():
                above.mkdir()
                above.chmod(rights)
        with written_whole(target, rights & 0o666) as partial:
            partial.write_bytes(content)
        to_disk(target.parent)
