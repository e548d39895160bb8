"""From schema 3 to 4: a row's digest names the warehouse's own columns as they are called."""

import duckdb

WHAT = "new events name all columns of a row as they are called; earlier ones keep their digests"


def apply(_: duckdb.DuckDBPyConnection) -> None:
    """No row changes. What is proven of earlier rows is proven by the digests they came with: new
    ones would rest on nothing but whoever ran the migration.
    """
