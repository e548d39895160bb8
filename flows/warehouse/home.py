"""The folders of a home: public, internal and restricted ones have different modes."""

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
