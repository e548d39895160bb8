"""What the models read, handed to another engine: landed rows, ledger, reference tables, seeds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from flows.modelling.dbt_runner import Workplace
from flows.warehouse.connection import quoted

GIVEN = ("build", "landed", "ledger", "reference", "given")


@dataclass(frozen=True)
class Given:
    """A table that is handed over: its name there, and what DuckDB reads for it."""

    schema: str
    name: str
    source: str


def handed_over(
    connection: duckdb.DuckDBPyConnection, place: Workplace, as_of: datetime
) -> Iterator[Given]:
    """Each table that the models read, in the schemas GIVEN, with the moment; as it is now."""
    yield Given("build", "moment", f"(select timestamp '{as_of.isoformat(' ')}' as as_of)")
    connection.execute(f"attach {quoted(place.kept)} as kept (read_only)")
    connection.execute(f"attach {quoted(place.reference)} as reference (read_only)")
    for schema, name in _tables(connection, "kept"):
        yield Given(schema, name, f'kept.{schema}."{name}"')
    for schema, name in _tables(connection, "reference"):
        yield Given("reference", name, f'reference.{schema}."{name}"')
    for path, types in _seeds(place.project / "seeds"):
        told = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        read = f"read_csv({quoted(path)}, header = true, columns = {{{told}}})"
        yield Given("given", path.stem, read)


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str]]:
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? order by all",
        [database],
    ).fetchall()


def _seeds(folder: Path) -> list[tuple[Path, dict[str, str]]]:
    """Each seed's file, and the types that the YAML beside it says of its columns."""
    found: list[tuple[Path, dict[str, str]]] = []
    for told in sorted(folder.rglob("*.yml")):
        content: dict[str, Any] = yaml.safe_load(told.read_text(encoding="utf-8"))
        for seed in content.get("seeds", []):
            (path,) = folder.rglob(f"{seed['name']}.csv")
            found.append((path, seed["config"]["column_types"]))
    return found
