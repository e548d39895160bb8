"""Which store a home's warehouse lives in."""

from flows.common.settings import Settings
from flows.warehouse.store.file import FileStore
from flows.warehouse.store.protocol import Store


def store_of(settings: Settings) -> Store:
    """The store that the settings choose."""
    return FileStore(settings)
