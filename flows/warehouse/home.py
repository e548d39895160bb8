"""The folders of a home: public, internal and restricted ones have different modes."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from flows.common.settings import Settings


def folder_modes(settings: Settings) -> dict[Path, int]:
    """The mode that each folder of a home is made with."""
    return {
        settings.archive: 0o700,
        settings.quarantine: 0o700,
        settings.audit: 0o700,
        settings.warehouse.parent: 0o750,
        settings.published: 0o755,
    }


def make_folders(settings: Settings) -> None:
    """Make the folders that are missing; the mode of one that is there is its owner's affair."""
    for folder, mode in folder_modes(settings).items():
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)  # whatever the umask


_NUMBER = re.compile(r"\.(\d+)(?:-\d+)?(?:\.partial(?:\.wal)?|\.building\.duckdb(?:\.wal)?)?$")


def tidy(settings: Settings) -> list[Path]:
    """Remove what dead processes left behind; returns what was removed."""
    removed = []
    for path in [*_folders(settings), *_files(settings)]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed.append(path)
    return removed


def _folders(settings: Settings) -> Iterator[Path]:
    if settings.scratch.is_dir():
        for path in settings.scratch.iterdir():
            if path.name.isdigit() and not _lives(int(path.name)):
                yield path


def _files(settings: Settings) -> Iterator[Path]:
    places = [
        (settings.warehouse.parent, ".*"),
        (settings.warehouse.parent, "*.partial"),
        (settings.archive, "*/.*"),
        (settings.quarantine, "*/*.partial"),
        (settings.audit, "disclosure/**/.*"),
    ]
    for folder, pattern in places:
        for path in folder.glob(pattern) if folder.is_dir() else ():
            number = _NUMBER.search(path.name)
            if path.is_file() and number and not _lives(int(number[1])):
                yield path


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
