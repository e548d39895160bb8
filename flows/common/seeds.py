"""The seeds that a rule asks: which measures, commitments and employers there are.

They stand in the scratch database as `seeds.<name>`, every column as text, so that a list is kept
in one place and a suite never copies it.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from flows.common.declarations import DeclarationError


def load_seeds(connection: duckdb.DuckDBPyConnection, names: Iterable[str], folder: Path) -> None:
    """Make the seeds of these names known to the scratch database.

    Raises DeclarationError where there is no such seed.
    """
    connection.execute("create schema if not exists seeds")
    for name in names:
        path = folder / f"{name}.csv"
        if not path.is_file():
            raise DeclarationError(f"A suite asks the seed {name}, and there is no {path}.")
        connection.execute(
            f"create or replace table seeds.{name} as "
            "select * from read_csv($path, header = true, all_varchar = true, delim = ',')",
            {"path": str(path)},
        )
