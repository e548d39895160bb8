"""From schema 4 to 5: the home says whose it is, and releases name the models they were made by."""

import duckdb

WHAT = "the home is bound to its authority's folder; releases keep that folder's models from now on"


def apply(_: duckdb.DuckDBPyConnection) -> None:
    """No row changes: `home.toml` is written before the number moves. A version that knows neither
    would lay its own definitions over the rows, so it must not open the home.
    """
