"""The one door to the warehouse: who may write, who may read, and who waits.

Where its tables lie is the store's affair (flows/warehouse/store); whose turn it is and which
schema can be worked with is decided here.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb

from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.warehouse.home import make_folders
from flows.warehouse.store.chosen import store_of
from flows.warehouse.store.guard import prove
from flows.warehouse.store.protocol import Handles, WarehouseBusy, warehouse_lock
from flows.warehouse.store.schema import SCHEMA_VERSION
from flows.warehouse.store.scratch import ALIAS, attach, open_scratch, quoted

__all__ = [
    "ALIAS",
    "OLDEST",
    "SCHEMA_VERSION",
    "NotCommitted",
    "Row",
    "WarehouseBusy",
    "WarehouseTooNew",
    "WarehouseTooOld",
    "as_rows",
    "attach",
    "held",
    "lock",
    "looking",
    "open_scratch",
    "quoted",
    "reading",
    "transaction",
    "version_of",
    "writing",
]
OLDEST = 3  # from there on `migrate` leads here: see flows/warehouse/migrations/
Row = dict[str, object]


class WarehouseTooNew(SocialValueError):
    """The warehouse was made by a later version of this software."""

    notice = "the warehouse was made by a later version: update the software."


class WarehouseTooOld(SocialValueError):
    """The warehouse was made by an earlier version of this software."""

    notice = "the warehouse was made by an earlier version: run social-value migrate."


class NotCommitted(SocialValueError):
    """What was written could not be committed; nothing of it is there."""

    notice = "what was written could not be committed: nothing of it is there; run it again."


@contextmanager
def lock(settings: Settings, *, exclusive: bool) -> Iterator[Handles]:
    """Hold the warehouse's lock; wait for it up to `settings.wait_seconds`, and say so.

    Gives the open files whose lock it is. Raises WarehouseBusy, naming who holds it.
    """
    make_folders(settings)
    with warehouse_lock(store_of(settings), settings, exclusive=exclusive) as handles:
        yield handles


@contextmanager
def writing(
    settings: Settings, connection: duckdb.DuckDBPyConnection, oldest: int = SCHEMA_VERSION
) -> Iterator[None]:
    """Attach the warehouse to `connection` as `warehouse` inside one transaction.

    The transaction commits when the block ends and leaves nothing behind when it raises. `oldest`:
    the oldest schema that the caller can work with.
    """
    with held(settings, connection, oldest), transaction(connection):
        yield


@contextmanager
def held(
    settings: Settings, connection: duckdb.DuckDBPyConnection, oldest: int = SCHEMA_VERSION
) -> Iterator[None]:
    """Hold the warehouse alone, attached to `connection` and its cursors as `warehouse`.

    For several transactions, one after the other: opening it costs more than a small one.
    """
    store = store_of(settings)
    with lock(settings, exclusive=True):
        if not store.exists():
            store.make()
        with store.attached(connection, read_only=False):
            _refuse_other_version(connection, oldest)
            yield


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A transaction: it commits when the block ends and leaves nothing behind when it raises.

    Raises LockLost where the lock is gone by then, and NotCommitted.
    """
    connection.execute("begin transaction")
    try:
        yield
        prove()
    except BaseException as error:
        with suppress(duckdb.Error):  # a server that has gone rolls back by itself
            connection.execute("rollback")
        if isinstance(error, duckdb.Error):
            prove()  # a server that has gone is no fault of the file that was at hand
        raise
    try:
        connection.execute("commit")
    except duckdb.TransactionException:
        raise NotCommitted(
            "Another run has written to the warehouse meanwhile, or its server has gone: nothing "
            "was kept, and it can be run again."
        ) from None


@contextmanager
def reading(
    settings: Settings, oldest: int = SCHEMA_VERSION
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse attached read-only as `warehouse` (made if there is none)."""
    connection = open_scratch(settings)
    try:
        with looking(settings, connection, oldest):
            yield connection
    finally:
        connection.close()


@contextmanager
def looking(
    settings: Settings, connection: duckdb.DuckDBPyConnection, oldest: int = SCHEMA_VERSION
) -> Iterator[None]:
    """Attach the warehouse read-only to `connection`, as `warehouse` (made if there is none)."""
    store = store_of(settings)
    if not store.exists():
        with writing(settings, connection):
            pass
    make_folders(settings)
    with store.attached(connection, read_only=True):
        _refuse_other_version(connection, oldest)
        yield


def version_of(connection: duckdb.DuckDBPyConnection) -> int:
    """The schema version of the attached warehouse."""
    row = connection.execute(f"select version from {ALIAS}.ledger.schema_version").fetchone()
    return int(row[0]) if row else SCHEMA_VERSION


def _refuse_other_version(connection: duckdb.DuckDBPyConnection, oldest: int) -> None:
    version = version_of(connection)
    if version > SCHEMA_VERSION:
        raise WarehouseTooNew(
            f"The warehouse has schema version {version} and this software knows "
            f"{SCHEMA_VERSION}: update the software."
        )
    if version < OLDEST:
        raise WarehouseTooOld(
            f"The warehouse has schema version {version}, from which nothing leads here "
            "(docs/upgrading.md says why): send its files into a new home, or use the version "
            "that made it."
        )
    if version < oldest:
        raise WarehouseTooOld(
            f"The warehouse has schema version {version} and this software works with "
            f"{SCHEMA_VERSION}: run social-value migrate."
        )


def as_rows(cursor: duckdb.DuckDBPyConnection) -> list[Row]:
    """The rows of an executed query, each by column name."""
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
