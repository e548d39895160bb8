"""Tables of a warehouse, copied from one store into another with their types and what may be null.

No store's own way to copy a whole database is taken: keys and what guards a lake's head stay where
they belong.
"""

import duckdb

FENCE = "head"  # of a lake alone: flows/warehouse/store/lake/fence.py


def copy_tables(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Copy all rows of one attached warehouse into another, whose ledger's tables are there."""
    for schema, table in tables_of(connection, source):
        if (schema, table) == ("ledger", FENCE):
            continue
        if schema == "landed":
            make_like(connection, source, target, table)
        columns = ", ".join(f'"{name}"' for name, _, _ in columns_of(connection, source, table))
        place = f'{schema}."{table}"'
        if table == "schema_version":
            connection.execute(f"delete from {target}.{place}")
        connection.execute(
            f"insert into {target}.{place} ({columns}) select {columns} from {source}.{place}"
        )


def make_like(
    connection: duckdb.DuckDBPyConnection, source: str, target: str, table: str, name: str = ""
) -> None:
    """Make a table of returns as it is in another database, or under another name."""
    declared = ", ".join(
        f'"{column}" {kind}{"" if may_be_null else " not null"}'
        for column, kind, may_be_null in columns_of(connection, source, table)
    )
    connection.execute(f'create table {target}.landed."{name or table}" ({declared})')


def tables_of(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str]]:
    """The schema and name of each table of a warehouse."""
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? "
        "and schema_name in ('ledger', 'landed') order by all",
        [database],
    ).fetchall()


def columns_of(
    connection: duckdb.DuckDBPyConnection, database: str, table: str
) -> list[tuple[str, str, bool]]:
    """The columns of a table, their types, and whether each may be null."""
    return connection.execute(
        "select column_name, data_type, is_nullable from duckdb_columns() "
        "where database_name = ? and schema_name in ('ledger', 'landed') and table_name = ? "
        "order by column_index",
        [database, table],
    ).fetchall()
