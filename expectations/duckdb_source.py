"""Great Expectations on a DuckDB connection that is already open.

Great Expectations has no DuckDB source of its own (its issue 10738). Through duckdb-engine it
fetches results after closing the connection, so the engine here keeps one connection open, and
the data source names that engine. It judges a scratch database through the connection that
filled it; nothing is copied.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Literal

import duckdb
import duckdb_engine
import great_expectations as gx
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from sqlalchemy.engine import Connection


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """An SQLAlchemy engine that keeps and yields one connection."""

    _kept: Connection | None = None

    @contextmanager
    def get_connection(self) -> Generator[Connection, None, None]:
        """The one connection, open until the engine goes."""
        if self._kept is None:
            self._kept = self.engine.connect()
        yield self._kept

    def let_go(self) -> None:
        """Close the connection, before the database under it goes."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        self.engine.dispose()


EngineType = type[SqlAlchemyExecutionEngine]  # inside the class `type` is a field


class DuckDBDatasource(SQLDatasource):
    """A data source of the type `duckdb`."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> EngineType:
        """The engine that keeps its connection."""
        return DuckDBExecutionEngine


def _beside(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Another connection to the same database, which finds names in the same places."""
    row = connection.execute("select current_setting('search_path')").fetchone()
    cursor = connection.cursor()
    if row and row[0]:
        cursor.execute("set search_path = ?", [row[0]])
    return cursor


@contextmanager
def source_over(connection: duckdb.DuckDBPyConnection) -> Generator[SQLDatasource, None, None]:
    """A data source on `connection`, in a context without files, calls home or progress bars."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    source: SQLDatasource = context.data_sources.add_duckdb(
        "scratch",
        connection_string="duckdb:///:memory:",
        kwargs={"creator": lambda: duckdb_engine.ConnectionWrapper(_beside(connection))},
    )
    try:
        yield source
    finally:
        engine = source.get_execution_engine()
        if isinstance(engine, DuckDBExecutionEngine):
            engine.let_go()
        source.get_engine().dispose()
