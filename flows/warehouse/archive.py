"""The archive: every original, sealed and read-only, named by the SHA-256 of its plain bytes.

This is the one door to originals: whoever needs one again opens it here, into a nameless file.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.common.errors import SocialValueError
from flows.common.files import nameless, scratch_folder
from flows.common.settings import Settings
from flows.warehouse.encryption import SealBroken, key_of, seal, unseal
from flows.warehouse.home import make_folders


class ArchiveError(SocialValueError):
    """The archive does not hold what it should."""


class NoLongerHeld(ArchiveError):
    """The original was disposed of, or was never kept."""


def path_in_archive(settings: Settings, sha256: str) -> Path:
    """Where the archive keeps the file of that hash, sealed."""
    return settings.archive / sha256[:2] / sha256


def put_in_archive(settings: Settings, source: Path, sha256: str) -> Path:
    """Seal the bytes of `source` into the archive (once), whole or not at all.

    Raises ArchiveError if the file changed while it was being copied.
    """
    target = path_in_archive(settings, sha256)
    if target.exists():
        return target
    key = key_of(settings)
    make_folders(settings)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    partial = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}")
    with source.open("rb") as reader, partial.open("wb") as writer:
        read = seal(reader, writer, key, sha256)
        writer.flush()
        os.fsync(writer.fileno())
    if read != sha256:
        partial.unlink()
        raise ArchiveError(f"{source.name} changed while it was read: wait until it is complete.")
    partial.chmod(0o400)
    partial.replace(target)
    return target


def is_held(settings: Settings, sha256: str) -> bool:
    """Whether the archive has the original of that hash."""
    return path_in_archive(settings, sha256).exists()


@contextmanager
def original(settings: Settings, sha256: str) -> Iterator[Path]:
    """The plain bytes of an original, in a file that nobody else can find and no kill can leave.

    Raises NoLongerHeld, and ArchiveError where it does not open.
    """
    sealed = path_in_archive(settings, sha256)
    with nameless(scratch_folder(settings)) as path:
        try:
            with sealed.open("rb") as reader, path.open("wb") as writer:
                unseal(reader, writer, key_of(settings), sha256)
        except FileNotFoundError:
            raise NoLongerHeld(
                f"The original {sha256[:12]} is no longer held: its retention is over, or "
                "originals are not kept; ask its sender if it is needed."
            ) from None
        except SealBroken as broken:
            raise ArchiveError(
                f"The original {sha256[:12]} does not open ({broken}): restore it from a backup."
            ) from None
        yield path
