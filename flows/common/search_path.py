"""Where a connection to DuckDB finds names that say no schema."""

import duckdb


def stand_with(connection: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection) -> None:
    """Let a connection find names where another connection to the same DuckDB finds them."""
    row = other.execute("select current_setting('search_path')").fetchone()
    if row and row[0]:
        connection.execute("set search_path = ?", [row[0]])
