"""The warehouse of machines that share it: DuckLake, with locks and catalogue in PostgreSQL.

Who writes holds a lock of the server's; who reads has a snapshot of the lake, and nobody waits.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from flows.common.errors import SocialValueError
from flows.common.files import scratch_folder, written_whole
from flows.common.locks import Busy, locked
from flows.common.settings import Settings
from flows.warehouse.store.guard import proven
from flows.warehouse.store.lake import session
from flows.warehouse.store.lake.address import Address, address_of
from flows.warehouse.store.lake.extensions import attached_lake
from flows.warehouse.store.lake.fence import make_fence, move_to_newest
from flows.warehouse.store.lake.forget import (
    keep_no_statistics,
    make_anew,
    prove_forgotten,
    rewrite_catalogue,
)
from flows.warehouse.store.protocol import (
    WAREHOUSE,
    Handles,
    WarehouseBusy,
    warehouse_lock,
)
from flows.warehouse.store.schema import SCHEMA_VERSION, make_tables
from flows.warehouse.store.scratch import ALIAS, open_beside, open_scratch, quoted
from flows.warehouse.store.tables import copy_tables

SNAPSHOTS = "snapshots"  # the lock that readers share, and who forgets holds alone
KEPT = "kept.duckdb"
NEWEST = "select max(snapshot_id) from {schema}.ducklake_snapshot"
COMPACTED = (
    f"call ducklake_flush_inlined_data('{ALIAS}')",
    f"call ducklake_merge_adjacent_files('{ALIAS}')",
    f"call ducklake_expire_snapshots('{ALIAS}', older_than => now() - interval 7 day)",
    f"call ducklake_cleanup_old_files('{ALIAS}', older_than => now() - interval 1 day)",
    # Files of a day are left alone: those of a run that is at work look the same.
    f"call ducklake_delete_orphaned_files('{ALIAS}', older_than => now() - interval 1 day)",
)
_known: set[Address] = set()  # lakes that this process has seen: none goes away


class AnotherWarehouse(SocialValueError):
    """A backup is to be put into a lake that holds something else."""


class LakeStore:
    """The warehouse in a lake."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address = address_of(settings)

    def exists(self) -> bool:
        """Whether the lake has the ledger's tables."""
        if self._address in _known:
            return True
        catalogue = f"{self._address.schema}.ducklake_table"
        with session.session(self._address) as connection:
            if session.ask(connection, "select to_regclass(%s)", catalogue) == [(None,)]:
                return False
            made = session.ask(
                connection,
                f"select 1 from {catalogue} where table_name = 'schema_version' "
                "and end_snapshot is null",
            )
        if made:
            _known.add(self._address)
        return bool(made)

    def make(self) -> None:
        """Make the catalogue, and in one transaction the ledger's tables."""
        with open_scratch(self._settings) as connection:
            self._make(connection)

    def _make(self, connection: duckdb.DuckDBPyConnection) -> None:
        with self._attached(connection):
            for schema in ("ledger", "landed"):
                connection.execute(f"create schema if not exists {ALIAS}.{schema}")
            # Rows of returns may be people: none lies in the catalogue, nor in a copy of it.
            connection.execute(
                f"call {ALIAS}.set_option('data_inlining_row_limit', 0, schema => 'landed')"
            )
            with session.session(self._address) as asked:
                keep_no_statistics(asked, self._address.schema)
            connection.execute(f"use {ALIAS}; begin transaction")
            make_tables(connection, with_keys=False)
            make_fence(connection)
            connection.execute("commit; use memory")

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
        """Hold the server's lock of that name; nothing is committed once it is gone."""
        with session.locked(
            self._address, name, exclusive=exclusive, wait=wait, what=what, busy=busy
        ) as lock:
            if name == WAREHOUSE and exclusive:
                with proven(lock.prove):
                    yield ()
            else:
                yield ()

    @contextmanager
    def attached(self, connection: duckdb.DuckDBPyConnection, *, read_only: bool) -> Iterator[None]:
        """Have it attached; to read, at its newest snapshot, which stays until the block ends."""
        if not read_only:
            with self._attached(connection):
                yield
            return
        with self._of_snapshots(exclusive=False) as lock:
            newest = NEWEST.format(schema=self._address.schema)
            ((snapshot,),) = session.ask(lock.connection, newest)
            with self._attached(connection, snapshot):
                yield

    def forget_deleted(self, tables: Collection[str]) -> None:
        """Make the tables anew, with no snapshot, file or page of before; and prove it."""
        with (
            warehouse_lock(self, self._settings),
            self._of_snapshots(exclusive=True) as lock,  # and so no build is at work with a copy
            open_scratch(self._settings) as connection,
        ):
            with self._attached(connection):
                make_anew(connection, tables)
                prove_forgotten(connection, self._address)
            rewrite_catalogue(lock.connection, self._address.schema)

    def compact(self) -> None:
        """Put small files together, and let go of snapshots of more than a week ago."""
        with (
            warehouse_lock(self, self._settings),
            open_scratch(self._settings) as connection,
            self._attached(connection),
        ):
            for statement in COMPACTED:
                connection.execute(statement)

    @contextmanager
    def as_files(self) -> Iterator[Mapping[str, Path]]:
        """A copy as a file of DuckDB, which a home with a file can take over as well."""
        path = scratch_folder(self._settings) / "backup.duckdb"
        try:
            self._copy_to(path)
            yield {self._settings.warehouse.name: path}
        finally:
            path.unlink(missing_ok=True)

    def fill_from(self, path: Path) -> None:
        """Take over the rows of a backup's file, in one transaction; the file goes afterwards.

        The home is not there yet. Raises AnotherWarehouse where the lake holds anything else.
        """
        with warehouse_lock(self, self._settings), self._beside(path) as connection:
            if not self.exists():
                self._make(connection)
            connection.execute(f"attach {quoted(path)} as kept (read_only)")
            with self._attached(connection):
                wanted, there = _head(connection, "kept"), _head(connection, ALIAS)
                if there not in (None, wanted):
                    raise AnotherWarehouse(
                        "The lake holds another warehouse already: name a schema and a place for "
                        "files of their own, by SOCIAL_VALUE_WAREHOUSE_SCHEMA and _DATA."
                    )
                if there is None:
                    _refuse_older(connection)
                    connection.execute("begin transaction")
                    copy_tables(connection, "kept", ALIAS)
                    move_to_newest(connection)
                    connection.execute("commit")
            connection.execute("detach kept")
        path.unlink()

    @property
    def dbt_source(self) -> Path:
        """A copy that lies beside dbt's workplace while it is needed: dbt is told of no server."""
        return self._settings.dbt_folder / KEPT

    @contextmanager
    def for_dbt(self) -> Iterator[Handles]:
        """Have a copy of the newest snapshot; whoever keeps something need not wait.

        Who disposes of rows waits: nobody's copy, and nothing built over it, has them afterwards.
        """
        folder = self.dbt_source.parent
        folder.mkdir(parents=True, exist_ok=True)
        with self._of_snapshots(exclusive=False), locked(folder / "kept.lock") as handle:
            try:
                with written_whole(self.dbt_source, by_duckdb=True) as partial:
                    self._copy_to(partial)
                yield (handle,)
            finally:
                self.dbt_source.unlink(missing_ok=True)

    @contextmanager
    def _beside(self, path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """A DuckDB that spills beside the file."""
        with (
            TemporaryDirectory(dir=path.parent) as folder,
            open_beside(self._settings, folder) as connection,
        ):
            yield connection

    def _copy_to(self, path: Path) -> None:
        with (
            open_scratch(self._settings) as connection,
            self.attached(connection, read_only=True),
        ):
            connection.execute(f"attach {quoted(path)} as copied")
            path.chmod(0o600)
            connection.execute("use copied; begin transaction")
            make_tables(connection, with_keys=True)
            copy_tables(connection, ALIAS, "copied")
            connection.execute("commit; use memory; checkpoint copied; detach copied")

    def _attached(
        self, connection: duckdb.DuckDBPyConnection, snapshot: int | None = None
    ) -> AbstractContextManager[None]:
        return attached_lake(connection, self._address, ALIAS, snapshot=snapshot)

    def _of_snapshots(self, *, exclusive: bool) -> AbstractContextManager[session.Lock]:
        return session.locked(
            self._address,
            SNAPSHOTS,
            exclusive=exclusive,
            wait=self._settings.wait_seconds,
            what="the lake's snapshots",
            busy=WarehouseBusy,
        )


def _head(connection: duckdb.DuckDBPyConnection, database: str) -> str | None:
    """The hash of a warehouse's newest event."""
    row = connection.execute(f"select arg_max(hash, seq) from {database}.ledger.events").fetchone()
    return str(row[0]) if row and row[0] else None


def _refuse_older(connection: duckdb.DuckDBPyConnection) -> None:
    row = connection.execute("select version from kept.ledger.schema_version").fetchone()
    if row != (SCHEMA_VERSION,):
        raise AnotherWarehouse(
            f"The backup's warehouse has schema version {row and row[0]}: restore it into a home "
            "with a file, run social-value migrate, and take over a backup of that."
        )
