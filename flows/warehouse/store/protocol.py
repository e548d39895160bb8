"""What every store of the warehouse can do."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import duckdb

from flows.common.locks import Busy
from flows.common.settings import Settings

WAREHOUSE = "warehouse"  # the lock that who writes holds alone
Handles = tuple[int, ...]


class WarehouseBusy(Busy):
    """Someone else has held the warehouse for longer than we wait."""

    notice = "another run held the warehouse for too long; it is tried again by itself."


class Store(Protocol):
    """Where the warehouse lives: its tables, and the locks of all that runs share."""

    def exists(self) -> bool:
        """Whether there is a warehouse."""

    def make(self) -> None:
        """Make it, with the ledger's tables: whole or not at all. Its lock is held."""

    def locked(
        self,
        name: str,
        *,
        what: str,
        exclusive: bool = True,
        wait: float | None = None,
        busy: type[Busy] = Busy,
    ) -> AbstractContextManager[Handles]:
        """Hold a lock by its name, which is free once its holder is dead.

        Gives the open files whose lock it is, for a process that we start to hold too. `wait`: for
        so many seconds (default: for ever); then `busy` is raised, which says who holds `what`.
        """

    def attached(
        self, connection: duckdb.DuckDBPyConnection, *, read_only: bool
    ) -> AbstractContextManager[None]:
        """Have it attached to `connection` and its cursors as `warehouse`.

        To read, it is as it stands until the block ends; who writes holds the lock.
        """

    def forget_deleted(self, tables: Collection[str]) -> None:
        """Leave nothing of rows that were deleted from these tables of returns where they lay."""

    def compact(self) -> None:
        """Put in order what many small writes have left; nobody has to wait for it."""

    def as_files(self) -> AbstractContextManager[Mapping[str, Path]]:
        """What a backup keeps of it, by name: a file of DuckDB, the same until the block ends."""

    def fill_from(self, path: Path) -> None:
        """Take over the file that a backup kept, where it does not lie in its place already."""

    @property
    def dbt_source(self) -> Path:
        """The file that models are built over, inside `for_dbt`."""

    def for_dbt(self) -> AbstractContextManager[Handles]:
        """Have that file there, the same until the block ends; gives locks for dbt to hold too."""


def warehouse_lock(
    store: Store, settings: Settings, *, exclusive: bool = True
) -> AbstractContextManager[Handles]:
    """Hold the lock of the warehouse; wait for it up to `settings.wait_seconds`, and say so.

    Gives the open files whose lock it is. Raises WarehouseBusy, naming who holds it.
    """
    return store.locked(
        WAREHOUSE,
        exclusive=exclusive,
        wait=settings.wait_seconds,
        what="the warehouse",
        busy=WarehouseBusy,
    )
