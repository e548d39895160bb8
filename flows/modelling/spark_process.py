"""dbt's own process where it builds in Spark: the session that dbt finds there is made here.

Run as `python -m flows.modelling.spark_process RESULTS WORD...`, with the folder of the build in
SOCIAL_VALUE_SPARK_FOLDER. One session starts one Java, which takes longer than many a model.
"""

import os
import sys
from pathlib import Path

from dbt.adapters.spark import session as dbt_session
from pyspark.sql import SparkSession

from flows.modelling import dbt_process
from flows.modelling.build import PRIVATE_SCHEMAS
from flows.modelling.handed_over import GIVEN
from flows.modelling.spark import FOLDER


def in_standard_sql(parameters: dict[str, str] | None) -> dict[str, str]:
    """dbt's words for a session, but in Spark's standard SQL: dbt turns it off, and then "x" is a
    text, and a number that is too large or a text that is no date is null, quietly.
    """
    return {**(parameters or {}), "spark.sql.ansi.enabled": "true"}


def main(results: Path, words: list[str]) -> int:
    """Name what was written out as tables, run `dbt WORDS`, and drop what nobody is to see."""
    cursor = dbt_session.Cursor
    dbt_session.Cursor = lambda *, server_side_parameters=None: cursor(
        server_side_parameters=in_standard_sql(server_side_parameters)
    )
    session = SparkSession.builder.enableHiveSupport().getOrCreate()
    try:
        _name_given(session, Path(os.environ[FOLDER]) / "given")
        return dbt_process.main(results, words)
    finally:
        for schema in (*PRIVATE_SCHEMAS, *GIVEN):
            session.sql(f"drop schema if exists {schema} cascade")
        session.stop()


def _name_given(session: SparkSession, folder: Path) -> None:
    for schema in sorted(path for path in folder.iterdir() if path.is_dir()):
        session.sql(f"create schema {schema.name} location '{schema}'")
        for path in sorted(schema.glob("*.parquet")):
            session.sql(f"create table {schema.name}.`{path.stem}` using parquet location '{path}'")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
