"""The archive: every original, sealed and read-only, named by the SHA-256 of its plain bytes.

This is the one door to originals: whoever needs one again opens it here, into a nameless file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.common.errors import SocialValueError
from flows.common.files import anonymous_file, scratch_folder, written_whole
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
    with written_whole(target, 0o400) as partial:
        with source.open("rb") as reader, partial.open("wb") as writer:
            read = seal(reader, writer, key, sha256)
        if read != sha256:
            raise ArchiveError(
                f"{source.name} changed while it was read: wait until it is complete."
            )
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
    with anonymous_file(scratch_folder(settings)) as path:
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
