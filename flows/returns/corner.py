"""Each table of a file has a corner of its own in the scratch database, where the same names stand:
`raw_rows`, `typed_rows`, `dated_rows` and what the judge makes of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


@contextmanager
def corner(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the same database that reads and writes in the corner of table `name`."""
    with connection.cursor() as its:
        its.execute(f'create schema if not exists "{name}"; use "{name}"')
        yield its
