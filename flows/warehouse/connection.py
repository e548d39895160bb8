"""The one door to the warehouse: who may write, who may read, and who waits.

Writers take an exclusive lock and readers a shared one on a file beside the database; the
system frees a lock when its holder dies, so nothing has to be cleaned up after a kill.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import duckdb

from flows.common.errors import SocialValueError
from flows.common.files import scratch_folder, written_whole
from flows.common.locks import Busy, locked
from flows.common.settings import Settings
from flows.warehouse.home import make_folders

SCHEMA_VERSION = 5
OLDEST = 3  # from there on `migrate` leads here: see flows/warehouse/migrations/
ALIAS = "warehouse"
Row = dict[str, object]


class WarehouseBusy(Busy):
    """Someone else has held the warehouse for longer than we wait."""

    notice = "another run held the warehouse for too long; it is tried again by itself."


class WarehouseTooNew(SocialValueError):
    """The warehouse was made by a later version of this software."""

    notice = "the warehouse was made by a later version: update the software."


class WarehouseTooOld(SocialValueError):
    """The warehouse was made by an earlier version of this software."""

    notice = "the warehouse was made by an earlier version: run social-value migrate."


@contextmanager
def lock(settings: Settings, *, exclusive: bool) -> Iterator[int]:
    """Hold the warehouse's lock; wait for it up to `settings.wait_seconds`, and say so.

    Gives the open file whose lock it is. Raises WarehouseBusy, naming who holds it.
    """
    make_folders(settings)
    with locked(
        settings.warehouse.with_suffix(".lock"),
        exclusive=exclusive,
        wait=settings.wait_seconds,
        what="the warehouse",
        busy=WarehouseBusy,
    ) as handle:
        yield handle


def open_scratch(settings: Settings, *, may_spill: bool = True) -> duckdb.DuckDBPyConnection:
    """A DuckDB of its own in memory, which spills to the scratch folder when memory is short.

    `may_spill=False`: never, for what must not be on a disk; it fails where memory is short.
    """
    make_folders(settings)
    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": settings.memory_limit,
            "threads": settings.threads,
            "temp_directory": str(scratch_folder(settings)) if may_spill else "",
            "preserve_insertion_order": True,
        },
    )


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
    with lock(settings, exclusive=True):
        if not settings.warehouse.exists():
            _make(settings)
        attach(connection, settings.warehouse, read_only=False)
        try:
            _refuse_other_version(connection, oldest)
            yield
        finally:
            connection.execute(f"detach {ALIAS}")


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A transaction: it commits when the block ends and leaves nothing behind when it raises."""
    connection.execute("begin transaction")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


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
    if not settings.warehouse.exists():
        with writing(settings, connection):
            pass
    with lock(settings, exclusive=False):
        attach(connection, settings.warehouse, read_only=True)
        try:
            _refuse_other_version(connection, oldest)
            yield
        finally:
            connection.execute(f"detach {ALIAS}")


def attach(connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
    """Attach a warehouse's file to `connection` as `warehouse`. Whose file it is holds its lock."""
    connection.execute(f"attach {quoted(path)} as {ALIAS}" + (" (read_only)" if read_only else ""))


def quoted(path: Path) -> str:
    """The path as SQL says it."""
    text = str(path).replace("'", "''")
    return f"'{text}'"


def write_anew(settings: Settings) -> None:
    """Copy the warehouse into a new file in its place: nothing that was deleted is left in it."""
    with (
        lock(settings, exclusive=True),
        written_whole(settings.warehouse, by_duckdb=True) as partial,
        open_scratch(settings) as connection,
    ):
        attach(connection, settings.warehouse, read_only=False)
        connection.execute(f"force checkpoint {ALIAS}")
        connection.execute(f"attach {quoted(partial)} as anew")
        connection.execute(f"copy from database {ALIAS} to anew")
        connection.execute("checkpoint anew")
        connection.execute(f"detach anew; detach {ALIAS}")


def _make(settings: Settings) -> None:
    """Make the warehouse beside its place, with the ledger's tables: it is never half there."""
    schema = files("flows.warehouse").joinpath("schema.sql").read_text(encoding="utf-8")
    # 0600: analysts share the folder, and have a file of their own.
    with (
        written_whole(settings.warehouse, by_duckdb=True) as partial,
        duckdb.connect(str(partial)) as connection,
    ):
        connection.execute(schema)
        connection.execute("insert into ledger.schema_version values (?)", [SCHEMA_VERSION])
        connection.execute("checkpoint")  # a close says nothing where the disk is full


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
