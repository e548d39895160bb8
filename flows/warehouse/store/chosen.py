"""Which store a home's warehouse lives in."""

from flows.common.settings import Settings
from flows.warehouse.store.file import FileStore
from flows.warehouse.store.lake.store import LakeStore
from flows.warehouse.store.protocol import Store


def store_of(settings: Settings) -> Store:
    """The store that the settings choose. Raises LakeNotSaid."""
    return LakeStore(settings) if settings.warehouse_at else FileStore(settings)
