"""The folders of a home: public, internal and restricted ones have different modes."""

import glob
from pathlib import Path

from flows.authority.binding import bind
from flows.common.files import remove_dead_scratch, remove_partials
from flows.common.settings import Settings


def folder_modes(settings: Settings) -> dict[Path, int]:
    """The mode that each folder of a home is made with."""
    return {
        settings.home: 0o755,
        settings.archive: 0o700,
        settings.quarantine: 0o700,
        settings.audit: 0o700,
        settings.warehouse.parent: 0o750,
        settings.of_the_node: 0o750,
        settings.scratch: 0o700,
        settings.published: 0o755,
    }


def make_folders(settings: Settings) -> None:
    """Make the folders that are missing, and note whose the home is. Raises DeclarationError."""
    make_bare_folders(settings)
    bind(settings)


def make_bare_folders(settings: Settings) -> None:
    """Make the folders that are missing; the mode of one that is there is its owner's affair."""
    for folder, mode in folder_modes(settings).items():
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)  # whatever the umask


def tidy(settings: Settings) -> list[Path]:
    """Remove what dead processes left behind; returns what was removed."""
    places = (settings.warehouse.parent, settings.archive, settings.quarantine, settings.audit)
    removed = [path for folder in places for path in remove_partials(folder)]
    for folder in (settings.published, settings.of_the_node):  # what lies deeper sees to its own
        removed += remove_partials(folder, ".*")
    key = settings.key_path
    removed += remove_partials(key.parent, f".{glob.escape(key.name)}.*")
    return [*removed, *remove_dead_scratch(settings)]
