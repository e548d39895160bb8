"""Where the rows of a file stand in a scratch database: in a room for each file, which has a corner
for each table of the file. The same names stand in every corner: `raw_rows`, `typed_rows`,
`dated_rows` and what the judge makes of them. What is in the scratch database itself is known in
every room: its macros, and its seeds.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb


@contextmanager
def room(
    scratch: duckdb.DuckDBPyConnection, name: str, seeds: Iterable[str] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the same DuckDB that reads and writes in a room of its own."""
    with scratch.cursor() as its:
        its.execute(f"attach ':memory:' as \"{name}\"")
        _stand_in(its, name, "main")
        its.execute("create schema seeds")
        for seed in seeds:
            its.execute(f"create view seeds.{seed} as from memory.seeds.{seed}")
        yield its


@contextmanager
def corner(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the same room that reads and writes in the corner of table `name`."""
    row = connection.execute("select current_database()").fetchone()
    here = str(row[0]) if row else "memory"
    with connection.cursor() as its:
        its.execute(f'create schema if not exists "{here}"."{name}"')
        _stand_in(its, here, name)
        yield its


def place_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Where a connection stands, as other connections to the same DuckDB name it."""
    row = connection.execute("select current_database(), current_schema()").fetchone()
    return ".".join(f'"{name}"' for name in row or ())


def _stand_in(connection: duckdb.DuckDBPyConnection, room_name: str, schema: str) -> None:
    connection.execute(f'set search_path = \'"{room_name}"."{schema}",memory.main\'')
