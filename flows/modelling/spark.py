"""The same models in Spark: what was kept is written out as Parquet, and dbt builds over it.

Everything that Spark makes lies in one folder: its tables as Parquet, and the catalogue of them.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from flows.common import clock
from flows.common.settings import Settings
from flows.modelling.build import PRIVATE_SCHEMAS, by_dbt
from flows.modelling.dbt_runner import Target, Workplace
from flows.modelling.elsewhere import BuiltElsewhere, NotThere, at_work_for, refuse_without
from flows.modelling.handed_over import handed_over
from flows.warehouse.connection import quoted

NEEDS = ("dbt.adapters.spark", "pyspark")
MARK = "made-by-social-value-warehouse"  # the folder is ours, and made anew by each build
FOLDER = "SOCIAL_VALUE_SPARK_FOLDER"
PASSED_ON = ("JAVA_HOME",)
# No address but this machine's own, and nothing where the command was called from.
CONFIGURATION = """
spark.master local[{threads}]
spark.driver.memory 2g
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.ui.enabled false
spark.ui.showConsoleProgress false
spark.local.dir {folder}/scratch
spark.sql.warehouse.dir {folder}/tables
spark.hadoop.javax.jdo.option.ConnectionURL jdbc:derby:;databaseName={folder}/catalogue;create=true
spark.driver.extraJavaOptions -Dderby.system.home="{folder}" -Djava.io.tmpdir="{folder}/scratch"
"""
QUIET = """
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %c{1}: %m%n
"""


def build_in_spark(
    settings: Settings, folder: Path, as_of: datetime | None = None
) -> BuiltElsewhere:
    """Build every model in Spark, into a folder, as of a moment (now).

    Raises NotThere, or BuildFailed naming each model or test that failed.
    """
    refuse_without(NEEDS, "spark")
    java = _java()
    moment = as_of or clock.now()
    place = folder.resolve()
    private = [place / "scratch", place / "given", *(_tables(place, it) for it in PRIVATE_SCHEMAS)]
    _refuse_strange(place)
    with at_work_for(settings, "spark") as (work, locks):
        _make_empty(place)
        try:
            for one in private:
                one.mkdir(mode=0o700, parents=True)
            _write_out(settings, work, moment, place / "given")
            configured = _configure(settings, place)
            environment = {FOLDER: str(place), "SPARK_CONF_DIR": str(configured), **java}
            target = Target("spark", environment, "flows.modelling.spark_process")
            nodes = by_dbt(settings, work, moment, locks, [], target)
        finally:  # rows about people stay there in no case
            for one in private:
                shutil.rmtree(one, ignore_errors=True)
            private[0].mkdir(mode=0o700)  # whoever asks in this folder writes there
    return BuiltElsewhere(str(place), moment, nodes)


def _java() -> dict[str, str]:
    """What says which Java there is. Raises NotThere where there is none."""
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        raise NotThere("Spark runs on Java, and none can be found: install version 17.")
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def _refuse_strange(place: Path) -> None:
    """Raises NotThere where somebody else's files lie."""
    ours = not place.exists() or (place / MARK).exists()
    if not ours and (not place.is_dir() or any(place.iterdir())):
        raise NotThere(f"{place} holds what is not ours: name a folder of its own.")


def _make_empty(place: Path) -> None:
    """Take out what an earlier build made."""
    _refuse_strange(place)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / MARK).write_text("Made anew by each build.\n", encoding="utf-8")


def _tables(place: Path, schema: str) -> Path:
    """Where Spark keeps the tables of a schema."""
    return place / "tables" / f"{schema}.db"


def _write_out(settings: Settings, work: Workplace, as_of: datetime, folder: Path) -> None:
    """Write each table that the models read as Parquet, without the rows that were deleted."""
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{settings.memory_limit}'")
        connection.execute(f"set threads = {settings.threads}")
        for one in handed_over(connection, work, as_of):
            path = folder / one.schema / f"{one.name}.parquet"
            path.parent.mkdir(exist_ok=True)
            connection.execute(f"copy (from {one.source}) to {quoted(path)} (format parquet)")


def _configure(settings: Settings, place: Path) -> Path:
    """Write how Spark is started; gives the folder that says it."""
    folder = place / "conf"
    folder.mkdir()
    said = CONFIGURATION.format(folder=place, threads=settings.threads)
    (folder / "spark-defaults.conf").write_text(said, encoding="utf-8")
    (folder / "log4j2.properties").write_text(QUIET, encoding="utf-8")
    return folder
