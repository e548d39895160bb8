"""The ledger's tables, the columns that no two rows share, and the version of both."""

from importlib.resources import files

import duckdb

SCHEMA_VERSION = 5
# A file of DuckDB keeps to them by itself; not every store can.
KEYS = {
    "files": ("sha256",),
    "returns": ("return_id", "attempt"),
    "standing": ("seq",),
    "events": ("seq",),
}


def make_tables(connection: duckdb.DuckDBPyConnection, *, with_keys: bool) -> None:
    """Make the ledger's tables in the database that `connection` uses, of this version."""
    connection.execute(schema())
    if with_keys:
        for table, key in KEYS.items():
            connection.execute(f"alter table ledger.{table} add primary key ({', '.join(key)})")
    connection.execute("insert into ledger.schema_version values (?)", [SCHEMA_VERSION])


def schema() -> str:
    """The tables, as SQL without their keys."""
    return files("flows.warehouse").joinpath("schema.sql").read_text(encoding="utf-8")
