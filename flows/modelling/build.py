"""Build the models: dbt into a new file, which takes the place of the analysts' when all is well.

dbt reads the warehouse and the reference tables, and writes neither.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from flows.common import clock
from flows.common.settings import Settings
from flows.modelling.dbt_runner import Workplace, at_work, run_dbt
from flows.modelling.made_from import MadeFrom, keep_made_from, made_from
from flows.returns.contract import read_contracts
from flows.returns.derive import landed_columns
from flows.warehouse import connection as door
from flows.warehouse.inputs import Known, known_as_of
from flows.warehouse.keep import make_table
from flows.warehouse.reference import ensure_postcodes
from flows.warehouse.tidy import tidy

PRIVATE_SCHEMAS = ("staging", "intermediate", "people")  # views over the warehouse; rows of persons


@dataclass(frozen=True)
class Node:
    """A model, seed or test of a build."""

    name: str
    kind: str
    status: str
    seconds: float
    message: str


class BuildFailed(RuntimeError):
    """dbt could not build, or one of its tests failed; the analysts' tables stay as they were."""

    def __init__(self, message: str, nodes: Sequence[Node] = ()) -> None:
        """`nodes`: every model and test as far as dbt came."""
        super().__init__(message)
        self.nodes = list(nodes)


@dataclass(frozen=True)
class Build:
    """A build: where it lies, as of when, what was known as it began, and every node of it."""

    path: Path
    as_of: datetime
    known: Known
    nodes: list[Node]


def build(settings: Settings, as_of: datetime | None = None, target: Path | None = None) -> Build:
    """Build every model as of a moment (default: now) into `target` (default: the analysts' file).

    Raises BuildFailed, naming each model or test that failed.
    """
    moment = as_of or clock.now()
    place = target or settings.analysts
    tidy(settings)
    prepare(settings)
    work = workplace(settings)
    with at_work(work) as alone:
        with door.lock(settings, exclusive=False) as shared:
            with door.reading(settings) as connection:
                known = known_as_of(connection, moment)
            made = made_from(settings, moment)
            nodes = _build(settings, work, moment, [alone, shared])
        if place == settings.analysts:
            _restrict(work.model, settings.restricted)
        _hand_over(work.model, place, made)
    return Build(place, moment, known, nodes)


def workplace(settings: Settings) -> Workplace:
    """Where dbt works for this home."""
    return Workplace(
        settings.warehouse.parent / "dbt", settings.warehouse, settings.reference, settings.seeds
    )


def prepare(settings: Settings) -> None:
    """Make what every build reads: the reference tables, and a table for each table of a return."""
    ensure_postcodes(settings.reference)
    contracts = read_contracts(settings.contracts)
    with door.reading(settings) as connection:
        rows = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'warehouse' "
            "and schema_name = 'landed'"
        ).fetchall()
    there = {str(row[0]) for row in rows}
    tables = {name: table for one in contracts.values() for name, table in one.tables.items()}
    missing = {name: table for name, table in tables.items() if name not in there}
    if missing:
        with door.scratch(settings) as connection, door.writing(settings, connection):
            for name, table in missing.items():
                make_table(connection, name, landed_columns(table.columns))


def _build(
    settings: Settings, work: Workplace, as_of: datetime, locks: Sequence[int]
) -> list[Node]:
    # Unit tests test the formulas, not the data: `make test` runs them.
    finished = run_dbt(
        work,
        ["build", "--exclude-resource-type", "unit_test", "--no-write-json"],
        as_of,
        {
            "SOCIAL_VALUE_THREADS": str(settings.threads),
            "SOCIAL_VALUE_MEMORY_LIMIT": settings.memory_limit,
        },
        locks,
    )
    if not work.results.exists():
        lines = (finished.stdout + finished.stderr).strip().splitlines()
        crashed = any(line.startswith("Traceback") for line in lines)
        said = " ".join(lines[-1:] if crashed else lines[-3:]) or "it said nothing"
        raise BuildFailed(f"dbt did not start to build: {said}")
    nodes = _read_results(work.results)
    failed = [node for node in nodes if node.status in ("error", "fail", "runtime error")]
    if failed or finished.returncode:
        named = "; ".join(f"{node.kind} {node.name}: {node.message}" for node in failed[:5])
        said = f"{len(failed)} models or tests failed; the analysts' tables stay as they were"
        raise BuildFailed(f"{said}: {named}", nodes)
    return nodes


def _read_results(path: Path) -> list[Node]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return [
        Node(
            name=result["unique_id"].split(".")[2],
            kind=result["unique_id"].split(".")[0],
            status=result["status"],
            seconds=round(float(result["execution_time"]), 3),
            message=" ".join(str(result.get("message") or "").split())[:300],
        )
        for result in content["results"]
    ]


def _restrict(model: Path, place: Path) -> None:
    """Keep what rows about people add to figures, without pay and key, in a file of its own."""
    partial = place.with_name(f".{place.stem}.{os.getpid()}.partial")
    for left in (partial, Path(f"{partial}.wal")):
        left.unlink(missing_ok=True)
    with duckdb.connect(str(model)) as connection:
        connection.execute(f"attach '{partial}' as restricted")
        partial.chmod(0o600)
        connection.execute("create schema restricted.marts")
        connection.execute(
            "create table restricted.marts.fct_indicator_contributions as "
            "select * exclude (_person, _preference, _amount) from people.ppl_contributions"
        )
        connection.execute(
            "create table restricted.marts.fct_indicator_periods as "
            "select * from marts.fct_indicator_periods"
        )
        connection.execute("checkpoint restricted")
        connection.execute("detach restricted")
    partial.replace(place)


def _hand_over(model: Path, place: Path, made: MadeFrom) -> None:
    """Take the private views out of the new file and put it in the place of the old one."""
    with duckdb.connect(str(model)) as connection:
        for schema in PRIVATE_SCHEMAS:
            connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute("drop schema if exists build cascade")
        keep_made_from(connection, made)
        connection.execute("checkpoint")
    model.chmod(0o440)
    place.parent.mkdir(parents=True, exist_ok=True)
    model.replace(place)
