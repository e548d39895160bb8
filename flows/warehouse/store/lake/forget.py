"""Nothing of deleted rows is left: in no file, snapshot, page of the catalogue, or its statistics.

To rewrite files, expire snapshots and clean up is not enough: the catalogue keeps the least and the
greatest value that a column ever had. So the table is made anew, and the catalogue's tables too.
"""

from collections.abc import Collection
from typing import Any

import duckdb

from flows.common.errors import SocialValueError
from flows.warehouse.store.lake.address import Address
from flows.warehouse.store.lake.fence import move_to_newest
from flows.warehouse.store.lake.session import ask
from flows.warehouse.store.scratch import ALIAS
from flows.warehouse.store.tables import make_like, tables_of

ENDED = (
    f"call ducklake_expire_snapshots('{ALIAS}', older_than => now())",
    f"call ducklake_cleanup_old_files('{ALIAS}', cleanup_all => true)",
    # Also what a killed run has left: nobody else is at work.
    f"call ducklake_delete_orphaned_files('{ALIAS}', cleanup_all => true)",
)
ANEW = "_anew"
# Of the catalogue's own tables: what DuckLake knows of a file's columns, and parts files by.
WITH_VALUES = """
    select table_name, column_name from information_schema.columns
    where table_schema = %s
        and column_name in ('min_value', 'max_value', 'extra_stats', 'partition_value')
"""


class NotForgotten(SocialValueError):
    """Rows that were deleted can still be read somewhere."""

    notice = "rows that were disposed of may still be in the lake's files: run dispose again."


def make_anew(connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> None:
    """Make the tables anew of what is left in them, in one transaction; nobody else is at work."""
    there = {table for schema, table in tables_of(connection, ALIAS) if schema == "landed"}
    connection.execute("begin transaction")
    move_to_newest(connection)
    for table in sorted(there & {*tables}):
        new = f"{table}{ANEW}"
        make_like(connection, ALIAS, ALIAS, table, new)
        connection.execute(f'insert into {ALIAS}.landed."{new}" from {ALIAS}.landed."{table}"')
        connection.execute(f'drop table {ALIAS}.landed."{table}"')
        connection.execute(f'alter table {ALIAS}.landed."{new}" rename to "{table}"')
    connection.execute("commit")
    for statement in ENDED:
        connection.execute(statement)


def keep_no_statistics(session: Any, schema: str) -> None:
    """Have PostgreSQL note nothing for its plans of the columns that hold values of rows.

    It looks at tables by itself, a minute after rows came in, and keeps some of what it finds in a
    table of its own, which no rewriting of the catalogue reaches.
    """
    for table, column in ask(session, WITH_VALUES, schema):
        with session.cursor() as cursor:
            cursor.execute(
                f'alter table "{schema}"."{table}" alter column "{column}" set statistics 0'
            )


def rewrite_catalogue(session: Any, schema: str) -> None:
    """Write the catalogue's tables anew: PostgreSQL leaves in a page what was deleted from it."""
    for (name,) in ask(session, "select tablename from pg_tables where schemaname = %s", schema):
        with session.cursor() as cursor:
            cursor.execute(f'vacuum (full) "{schema}"."{name}"')


def prove_forgotten(connection: duckdb.DuckDBPyConnection, address: Address) -> None:
    """Hold the rows that lie in files against those of the tables. Raises NotForgotten."""
    data = f"{address.data}landed/**/*.parquet".replace("'", "''")
    if connection.execute(f"select count(*) from glob('{data}')").fetchone() == (0,):
        return
    in_files = connection.execute(
        f"select sum(num_rows)::bigint from parquet_file_metadata('{data}')"
    ).fetchone()
    tables = [name for schema, name in tables_of(connection, ALIAS) if schema == "landed"]
    counted = " union all ".join(
        f'select count(*) as n from {ALIAS}.landed."{name}"' for name in tables
    )
    in_tables = connection.execute(f"select sum(n)::bigint from ({counted})").fetchone()
    if in_files != in_tables:
        raise NotForgotten(
            f"The lake's files hold {in_files and in_files[0]} rows of returns and its tables "
            f"{in_tables and in_tables[0]}: what was disposed of may still be read: run dispose "
            "again, which takes it away and proves it anew."
        )
