"""Great Expectations, on a DuckDB connection that is already open: nothing else knows it.

Great Expectations has no DuckDB source of its own (its issue 10738). Through duckdb-engine it
fetches results after closing the connection, so the engine here keeps one connection open, and
the data source names that engine. It judges a scratch database through the connection that
filled it; nothing is copied.
"""

import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import duckdb_engine

from expectations import lighter_import  # isort: skip  # noqa: F401  # before what follows
import great_expectations as gx
import sqlalchemy as sa
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)
from great_expectations.expectations.expectation import Expectation
from sqlalchemy.engine import Connection

from expectations.suite import JudgeError, Rule, Suite
from flows.common.search_path import stand_with

logging.getLogger("great_expectations").setLevel(logging.ERROR)


class _Columns:
    """The columns of tables, asked of the tables themselves and once.

    duckdb-engine asks PostgreSQL's catalog for them: a quarter of judging a small file.
    """

    def __init__(self, engine: "DuckDBExecutionEngine") -> None:
        self._engine = engine
        self._of_table: dict[tuple[str | None, str], list[dict[str, str]]] = {}
        self.dialect = engine.dialect

    def get_columns(self, table_name: str, schema: str | None = None) -> list[dict[str, str]]:
        """The name and type of each column."""
        asked = (schema, str(table_name))
        if asked not in self._of_table:
            table = self.dialect.identifier_preparer.format_table(
                sa.table(table_name, schema=schema)
            )
            with self._engine.get_connection() as connection:
                found = connection.execute(sa.text(f"describe {table}")).fetchall()
            self._of_table[asked] = [{"name": str(one[0]), "type": str(one[1])} for one in found]
        return self._of_table[asked]

    def get_pk_constraint(self, table_name: str, schema: str | None = None) -> dict[str, list[str]]:
        """No key: rows that are judged may repeat."""
        return {"constrained_columns": []}


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """An SQLAlchemy engine that keeps and yields one connection."""

    _kept: Connection | None = None
    _columns: _Columns | None = None

    def get_inspector(self) -> Any:
        """What Great Expectations asks for the columns of a table."""
        self._columns = self._columns or _Columns(self)
        return self._columns

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
    cursor = connection.cursor()
    stand_with(cursor, connection)
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


@dataclass(frozen=True)
class Answer:
    """Of one rule: how many rows fail it (None: it does not say which), the query that lists them.

    `fault`: what Great Expectations said where it could not run the rule, else empty.
    """

    count: int | None
    query: str = ""
    fault: str = ""


def validate(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    batch: str,
    key: tuple[str, ...],
    queries: Mapping[str, str],
) -> dict[str, Answer]:
    """The answer to each rule of the suite, by its id.

    `queries`: of SQL rules, by id, the rows of `{batch}` that fail. Raises JudgeError for a rule
    that Great Expectations does not have or will not make.
    """
    with source_over(connection) as source:
        asset = source.add_table_asset("batch", table_name=batch)
        expectations = [_expectation(rule, queries.get(rule.id)) for rule in suite.rules]
        result = (
            asset.add_batch_definition_whole_table("whole")
            .get_batch()
            .validate(
                gx.ExpectationSuite(name=suite.suite, expectations=expectations),
                result_format={
                    "result_format": "COMPLETE",
                    "unexpected_index_column_names": list(key),
                },
            )
        )
    answers: dict[str, Answer] = {}
    for each in result.results:
        meta = each.expectation_config.meta if each.expectation_config else None
        rule_id = str((meta or {})["rule"])
        if fault := _exception_in(each.exception_info or {}):
            answers[rule_id] = Answer(None, fault=fault)
        elif rule_id in queries:
            answers[rule_id] = Answer(int(each.result["observed_value"] or 0))
        elif "unexpected_count" not in each.result:
            answers[rule_id] = Answer(None)
        else:
            query = str(each.result.get("unexpected_index_query") or "")
            answers[rule_id] = Answer(int(each.result["unexpected_count"] or 0), query)
    return answers


def _exception_in(info: Mapping[str, object]) -> str:
    """What an exception said, '' if none: the expectation's own, or of a metric it rests on."""
    for each in [info, *info.values()]:
        if isinstance(each, dict) and each.get("raised_exception"):
            return str(each.get("exception_message"))
    return ""


def _expectation(rule: Rule, query: str | None) -> Expectation:
    meta = {"rule": rule.id}
    if query is not None:
        braced = query.replace("{", "{{").replace("}", "}}").replace("{{batch}}", "{batch}")
        return UnexpectedRowsExpectation(unexpected_rows_query=braced, meta=meta)
    named = getattr(gx.expectations, rule.expectation or "", None)
    if named is None:
        raise JudgeError(f"rule {rule.id}: Great Expectations has no {rule.expectation}.")
    try:
        expectation: Expectation = named(**rule.kwargs, meta=meta)
    except ValueError as error:  # its own check of what it is given
        raise JudgeError(f"rule {rule.id}: {rule.expectation} cannot be made: {error}") from None
    return expectation
