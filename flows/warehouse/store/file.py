"""The warehouse as one file of DuckDB in its home, and locks on files beside it.

Writers take an exclusive lock and readers a shared one; the system frees a lock when its holder
dies, so nothing has to be cleaned up after a kill.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb

from flows.common.files import written_whole
from flows.common.locks import Busy, locked
from flows.common.settings import Settings
from flows.warehouse.store.protocol import Handles, warehouse_lock
from flows.warehouse.store.schema import make_tables
from flows.warehouse.store.scratch import ALIAS, attach, open_scratch, quoted


class FileStore:
    """The warehouse of a home on one machine."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = settings.warehouse

    def exists(self) -> bool:
        """Whether there is a warehouse."""
        return self._path.exists()

    def make(self) -> None:
        """Make it beside its place: it is never half there."""
        # 0600: analysts share the folder, and have a file of their own.
        with (
            written_whole(self._path, by_duckdb=True) as partial,
            duckdb.connect(str(partial)) as connection,
        ):
            make_tables(connection, with_keys=True)
            connection.execute("checkpoint")  # a close says nothing where the disk is full

    @contextmanager
    def locked(
        self,
        name: str,
        *,
        what: str,
        exclusive: bool = True,
        wait: float | None = None,
        busy: type[Busy] = Busy,
    ) -> Iterator[Handles]:
        """Hold the lock of the file of that name beside the warehouse."""
        path = self._path.with_name(f"{name}.lock")
        with locked(path, exclusive=exclusive, wait=wait, what=what, busy=busy) as handle:
            yield (handle,)

    @contextmanager
    def attached(self, connection: duckdb.DuckDBPyConnection, *, read_only: bool) -> Iterator[None]:
        """Have it attached to `connection`; nobody writes while it is read."""
        if read_only:
            with self._shared(), _attached(connection, self._path, read_only=True):
                yield
        else:
            with _attached(connection, self._path, read_only=False):
                yield

    def forget_deleted(self, tables: Collection[str]) -> None:
        """Copy it into a new file in its place: nothing that was deleted is left in it."""
        with (
            warehouse_lock(self, self._settings),
            written_whole(self._path, by_duckdb=True) as partial,
            open_scratch(self._settings) as connection,
        ):
            attach(connection, self._path, read_only=False)
            connection.execute(f"force checkpoint {ALIAS}")
            connection.execute(f"attach {quoted(partial)} as anew")
            connection.execute(f"copy from database {ALIAS} to anew")
            connection.execute("checkpoint anew")
            connection.execute(f"detach anew; detach {ALIAS}")

    def compact(self) -> None:
        """DuckDB puts its file in order by itself."""

    @contextmanager
    def as_files(self) -> Iterator[Mapping[str, Path]]:
        """The file itself, and what DuckDB has not put into it yet; nobody writes meanwhile."""
        with self._shared():
            paths = (self._path, self._path.with_name(f"{self._path.name}.wal"))
            yield {path.name: path for path in paths if path.is_file()}

    def fill_from(self, path: Path) -> None:
        """A backup has put the file into its place."""

    @property
    def dbt_source(self) -> Path:
        """The file itself."""
        return self._path

    @contextmanager
    def for_dbt(self) -> Iterator[Handles]:
        """Keep writers out, also while a dbt goes on whose parent was killed."""
        with self._shared() as handles:
            yield handles

    def _shared(self) -> AbstractContextManager[Handles]:
        return warehouse_lock(self, self._settings, exclusive=False)


@contextmanager
def _attached(
    connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool
) -> Iterator[None]:
    attach(connection, path, read_only=read_only)
    try:
        yield
    finally:
        connection.execute(f"detach {ALIAS}")
