"""The folders of a home: public, internal and restricted ones have different modes."""

from flows.settings import Settings


def make_folders(settings: Settings) -> None:
    """Make the folders that are missing; the mode of one that is there is its owner's affair."""
    modes = {
        settings.archive: 0o700,
        settings.quarantine: 0o700,
        settings.audit: 0o700,
        settings.warehouse.parent: 0o750,
        settings.published: 0o755,
    }
    for folder, mode in modes.items():
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)  # whatever the umask
