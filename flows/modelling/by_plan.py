"""A build by its plan: what dbt would send to the database, sent without dbt.

Only a build in which all goes well is made so. Where anything does not, dbt builds and says what.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import duckdb
import yaml

from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.modelling.dbt_runner import Workplace, set_moment
from flows.modelling.node import Node, node_of
from flows.modelling.plan import Plan, Step
from flows.warehouse.connection import quoted

ROW_GROUP = 122_880  # rows that DuckDB gives to one thread


class NotWell(SocialValueError):
    """A test has failed."""


@contextmanager
def opened(
    place: Workplace, settings: Settings, as_of: datetime
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The new file, with the moment in it and what the models read beside it, as dbt opens it."""
    set_moment(place.model, as_of)
    profile = yaml.safe_load((place.project / "profiles.yml").read_text(encoding="utf-8"))
    options = profile["social_value"]["outputs"]["embedded"]["config_options"]
    options |= {"memory_limit": settings.memory_limit, "threads": settings.threads}
    with duckdb.connect(str(place.model), config=options) as connection:
        connection.execute(f"attach {quoted(place.kept)} as kept (read_only)")
        connection.execute(f"attach {quoted(place.reference)} as reference (read_only)")
        connection.execute(f"set file_search_path = {quoted(place.project)}")
        yield connection


def run_plan(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[Node]:
    """Take every step of the plan, in its order; gives what dbt would say of each.

    Raises NotWell or duckdb.Error at the first one that fails.
    """
    if _largest_table(connection) <= ROW_GROUP:
        connection.execute("set threads = 1")  # a second one has no rows to read, and costs
    for schema in plan.schemas:
        connection.execute(f'create schema if not exists "{schema}"')
    return [_take(connection, step) for step in plan.steps]


def _largest_table(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute(
        "select coalesce(max(estimated_size), 0) from duckdb_tables() where database_name = 'kept'"
    ).fetchone()
    return int(row[0]) if row else 0


def _take(connection: duckdb.DuckDBPyConnection, step: Step) -> Node:
    began = time.perf_counter()
    for statement in step.statements:
        connection.execute(statement)
    status, message = step.status, step.message
    if step.severity:
        status, message = _verdict(connection.fetchone(), step)
    return node_of(step.unique_id, status, time.perf_counter() - began, message)


def _verdict(row: tuple[int, bool, bool] | None, step: Step) -> tuple[str, str]:
    """What a test's only row comes to, in dbt's words."""
    if row is None or (row[2] and step.severity == "ERROR"):
        raise NotWell(step.unique_id)
    failures, warns, _ = row
    if not warns:
        return "pass", ""
    results = f"{failures} result{'' if failures == 1 else 's'}"
    return "warn", f"Got {results}, configured to warn if {step.warn_if}"
