"""Seeds: the reference tables that people edit, read row by row, or whole for a suite to ask.

For suites they stand in the scratch database as `seeds.<name>`, every column as text, so that a
list is kept in one place and a suite never copies it.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import duckdb
from pydantic import TypeAdapter, ValidationError

from flows.common.declarations import DeclarationError

Model = TypeVar("Model")


def read_seed(folder: Path, name: str, model: type[Model]) -> list[Model]:
    """The rows of a seed as frozen dataclasses, by the names of their fields (or their aliases).

    A cell that is empty is left to the field's default. Raises DeclarationError, which names the
    line and the column.
    """
    path, adapter = folder / f"{name}.csv", TypeAdapter(model)
    found = []
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            lines = csv.DictReader(stream)
            for row in lines:
                cells = {column: cell for column, cell in row.items() if cell}
                found.append(adapter.validate_python(cells))
    except OSError as error:
        raise DeclarationError(f"{path}: cannot be read ({error.strerror}).") from None
    except ValidationError as error:
        first = error.errors()[0]
        column = ".".join(map(str, first["loc"]))
        raise DeclarationError(f"{path}, line {lines.line_num}: {column}: {first['msg']}") from None
    return found


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
