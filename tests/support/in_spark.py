"""What a build in Spark left in its folder, read by DuckDB: its tables are Parquet files.

Run as a module with the folder and another one, it has Spark write the views of the first there.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tests.support.in_postgres import COMPARED

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def read_by_duckdb(folder: Path, written: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every relation of the schemas that are compared; `written`: an empty folder for views."""
    subprocess.run(
        [sys.executable, "-m", __name__, str(written)],
        cwd=ROOT,
        env={**os.environ, "SPARK_CONF_DIR": str(folder / "conf")},
        check=True,
        capture_output=True,
    )
    with duckdb.connect() as connection:
        for schema in COMPARED:
            connection.execute(f"create schema {schema}")
            for place in (folder / "tables" / f"{schema}.db", written / schema):
                for table in sorted(place.glob("*/")):
                    files = f"read_parquet('{table}/*.parquet')"
                    connection.execute(f'create view {schema}."{table.name}" as from {files}')
        yield connection


def write_views(written: Path) -> None:
    """Have Spark write out what its views show."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.enableHiveSupport().getOrCreate()
    for schema in COMPARED:
        for view in session.sql(f"show views in {schema}").collect():
            path = written / schema / view.viewName
            session.table(f"{schema}.{view.viewName}").write.parquet(str(path))
    session.stop()


if __name__ == "__main__":
    write_views(Path(sys.argv[1]))
