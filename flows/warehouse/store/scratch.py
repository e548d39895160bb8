"""A DuckDB to work in, to which the warehouse is attached, and how SQL names it."""

from pathlib import Path

import duckdb

from flows.common.files import scratch_folder
from flows.common.settings import Settings
from flows.warehouse.home import make_folders

ALIAS = "warehouse"


def open_scratch(settings: Settings, *, may_spill: bool = True) -> duckdb.DuckDBPyConnection:
    """A DuckDB of its own in memory, which spills to the scratch folder when memory is short.

    `may_spill=False`: never, for what must not be on a disk; it fails where memory is short.
    """
    make_folders(settings)
    return open_beside(settings, str(scratch_folder(settings)) if may_spill else "")


def open_beside(settings: Settings, folder: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB of its own in memory, which spills to the folder; to none, where that is empty."""
    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": settings.memory_limit,
            "threads": settings.threads,
            "temp_directory": folder,
            "preserve_insertion_order": True,
        },
    )


def attach(connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
    """Attach a warehouse's file to `connection` as `warehouse`. Whose file it is holds its lock."""
    connection.execute(f"attach {quoted(path)} as {ALIAS}" + (" (read_only)" if read_only else ""))


def quoted(path: Path) -> str:
    """The path as SQL says it."""
    text = str(path).replace("'", "''")
    return f"'{text}'"
