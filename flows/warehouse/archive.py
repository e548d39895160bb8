"""The archive: every file's bytes, read-only, named by their SHA-256."""

import hashlib
import os
import shutil
import threading
from pathlib import Path

from flows.settings import Settings


class ArchiveError(RuntimeError):
    """The archive does not hold what it should."""


def path_in_archive(settings: Settings, sha256: str) -> Path:
    """Where the archive keeps the file of that hash."""
    return settings.archive / sha256[:2] / sha256


def put_in_archive(settings: Settings, source: Path, sha256: str) -> Path:
    """Copy the bytes of `source` into the archive (once), whole or not at all.

    Raises ArchiveError if the file changed while it was being copied.
    """
    target = path_in_archive(settings, sha256)
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.archive.chmod(0o700)
    partial = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}")
    with source.open("rb") as reader, partial.open("wb") as writer:
        shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())
    with partial.open("rb") as copied:
        copied_hash = hashlib.file_digest(copied, "sha256").hexdigest()
    if copied_hash != sha256:
        partial.unlink()
        raise ArchiveError(f"{source.name} changed while it was read: wait until it is complete.")
    partial.chmod(0o400)
    partial.replace(target)
    return target
