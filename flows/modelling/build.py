"""Build the models into a new file, which takes the place of the analysts' when all is well.

dbt builds, or its plan is run. The warehouse and the reference tables are read, and not written.
"""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.errors import SocialValueError
from flows.common.files import digest_of, put_in_place, written_whole
from flows.common.settings import Settings
from flows.modelling.by_plan import NotWell, opened, run_plan
from flows.modelling.dbt_runner import (
    EMBEDDED,
    Target,
    Workplace,
    at_work,
    clear,
    project_files,
    run_dbt,
)
from flows.modelling.largest_cell import where_too_large
from flows.modelling.node import Node, node_of
from flows.modelling.plan import Column, columns_read, digest_of_sources, keep_plan, read_plan
from flows.returns.contract import read_contracts
from flows.returns.derive import landed_columns
from flows.warehouse.connection import attach, open_scratch, quoted, reading, writing
from flows.warehouse.digests import columns_of, landed_tables
from flows.warehouse.home import tidy
from flows.warehouse.in_force import Inputs, inputs_as_of
from flows.warehouse.keep import make_table
from flows.warehouse.postcodes import ensure_postcodes
from flows.warehouse.store.chosen import store_of

PRIVATE_SCHEMAS = ("staging", "intermediate", "people")  # views over the warehouse; rows of persons
FOLLOWS = "tag:follows"  # tests of what other tests prove already


class BuildFailed(SocialValueError):
    """dbt could not build, or one of its tests failed; the analysts' tables stay as they were."""

    notice = "a model or a test failed; the analysts' tables stay as they were."

    def __init__(self, message: str, nodes: Sequence[Node] = ()) -> None:
        """`nodes`: every model and test as far as dbt came."""
        super().__init__(message)
        self.nodes = list(nodes)


@dataclass(frozen=True)
class Build:
    """A build: where it lies, as of when, what was known as it began, and every node of it."""

    path: Path
    as_of: datetime
    known: Inputs
    nodes: list[Node]


def build(
    settings: Settings,
    as_of: datetime | None = None,
    target: Path | None = None,
    restricted: Path | None = None,
    with_dbt: bool = False,
) -> Build:
    """Build every model as of a moment (default: now) into `target` (default: the analysts' file).

    `restricted`: where the rows about people go that add to figures; of the analysts' file beside
    it, and of another target nowhere unless it is said. `with_dbt`: dbt builds with every test, and
    no plan is run. Raises BuildFailed, naming each model or test that failed.
    """
    moment = as_of or clock.now()
    place = target or settings.analysts
    tidy(settings)
    prepare(settings)
    work = workplace(settings)
    # To the end: who disposes of rows waits for a build that has read them, and then takes out
    # what it has left of them.
    with at_work(work) as alone, store_of(settings).for_dbt() as shared:
        with open_scratch(settings) as connection:
            attach(connection, work.kept, read_only=True)
            known = inputs_as_of(connection, moment)
            made = _made_from(connection, settings, moment)
        nodes = make_models(settings, work, moment, [alone, *shared], with_dbt)
        if place == settings.analysts:
            restricted = settings.restricted
        _make_ready(settings, work.model, place.stem, restricted, made)
        place.parent.mkdir(parents=True, exist_ok=True)
        put_in_place(work.model, place)
    return Build(place, moment, known, nodes)


def workplace(settings: Settings) -> Workplace:
    """Where dbt works for this home."""
    return Workplace(
        settings.dbt_folder,
        store_of(settings).dbt_source,
        settings.reference,
        places_in_use(settings),
    )


def prepare(settings: Settings) -> None:
    """Make what every build reads: the reference tables, and a table for each table of a return.

    A table that an earlier version made is given the columns that its contract has gained.
    """
    ensure_postcodes(settings.reference)
    contracts = read_contracts(places_in_use(settings).contracts)
    tables = {
        name: landed_columns(table.columns)
        for one in contracts.values()
        for name, table in one.tables.items()
    }
    with reading(settings) as connection:
        there = {
            name: columns_of(connection, f"landed.{name}").keys()
            for name in landed_tables(connection)
        }
    missing = {
        name: columns for name, columns in tables.items() if columns.keys() - there.get(name, set())
    }
    if missing:
        with open_scratch(settings) as connection, writing(settings, connection):
            for name, columns in missing.items():
                make_table(connection, name, columns)


def make_models(
    settings: Settings, work: Workplace, as_of: datetime, locks: Sequence[int], with_dbt: bool
) -> list[Node]:
    """Make every model in the new file, by the plan of its sources where all goes well by it.

    Else dbt does, and says what is not well; where all is, it leaves its plan for the next build.
    """
    if with_dbt:
        return by_dbt(settings, work, as_of, locks, [])
    columns: list[Column] = []
    digest = ""
    try:
        with opened(work, settings, as_of) as connection:
            columns = columns_read(connection)
            digest = digest_of_sources(work, columns)
            plan = read_plan(work, digest)
            if plan is not None:
                return run_plan(connection, plan)
    except (NotWell, duckdb.Error):
        pass
    clear(work)
    nodes = by_dbt(settings, work, as_of, locks, ["--exclude", FOLLOWS])
    # Where somebody has edited a source meanwhile, nobody knows which of the two dbt has read.
    if digest and digest == digest_of_sources(work, columns):
        keep_plan(work, digest)
    return nodes


def by_dbt(
    settings: Settings,
    work: Workplace,
    as_of: datetime,
    locks: Sequence[int],
    but: Sequence[str],
    target: Target = EMBEDDED,
) -> list[Node]:
    """Have dbt build, and test, every node. Raises BuildFailed, naming each that failed."""
    # Unit tests test the formulas, not the data: `make test` runs them.
    finished = run_dbt(
        work,
        ["build", "--exclude-resource-type", "unit_test", "--no-write-json", *but],
        as_of,
        {
            "SOCIAL_VALUE_THREADS": str(settings.threads),
            "SOCIAL_VALUE_MEMORY_LIMIT": settings.memory_limit,
        },
        locks,
        target,
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
        left = "the analysts' tables stay as they were"
        if target != EMBEDDED:
            left = f"what is in {target.name} now is not whole"
        said = f"{len(failed)} models or tests failed; {left}"
        where = where_too_large(settings, work.results, as_of)
        raise BuildFailed(f"{said}: {named}{where}", nodes)
    return nodes


def _read_results(path: Path) -> list[Node]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return [
        node_of(
            result["unique_id"],
            result["status"],
            float(result["execution_time"]),
            result["message"],
        )
        for result in content["results"]
    ]


def _make_ready(
    settings: Settings, model: Path, name: str, restricted: Path | None, made: "Fingerprint"
) -> None:
    """Take the private schemas out of the new file; it must be readable under its new name then.

    What they add to figures goes to `restricted`, once that can be read too. Raises BuildFailed.
    """
    with ExitStack() as both:
        if restricted is not None:
            partial = both.enter_context(written_whole(restricted, by_duckdb=True))
            _restrict(model, partial)
            read_under(partial, restricted.stem)
        with duckdb.connect(str(model)) as connection:
            held_people = _holds_people(connection)
            for schema in (*PRIVATE_SCHEMAS, "build"):
                connection.execute(f"drop schema if exists {schema} cascade")
            keep_made_from(connection, made)
            connection.execute("checkpoint")
        if held_people:
            _make_anew(settings, model)
        read_under(model, name)
    model.chmod(0o440)


def _holds_people(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where schema_name = 'people' and estimated_size > 0"
        ).fetchall()
    )


def _make_anew(settings: Settings, model: Path) -> None:
    """Copy the file's tables into a new one in its place: DuckDB leaves in its blocks what was
    dropped, and who may read the file could read people there.
    """
    with written_whole(model, by_duckdb=True) as partial, open_scratch(settings) as connection:
        connection.execute("set memory_limit = '256MB'")  # else it keeps what it has read
        connection.execute(f"attach {quoted(model)} as {model.stem} (read_only)")
        connection.execute(f"attach {quoted(partial)} as anew")
        connection.execute(f"copy from database {model.stem} to anew")
        connection.execute("checkpoint anew")


def _restrict(model: Path, partial: Path) -> None:
    """Keep what rows about people add to figures, without pay and key, in a file of its own."""
    with duckdb.connect(str(model)) as connection:
        connection.execute(f"attach {quoted(partial)} as restricted")
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


def read_under(path: Path, name: str) -> None:
    """Open every relation of a file as it is read once the file is called `name`.

    A view may hold the name of the file that it was made in, or read what stays behind. Raises
    BuildFailed, naming the first one that cannot be read.
    """
    with duckdb.connect() as connection:
        connection.execute(f'attach {quoted(path)} as "{name}" (read_only)')
        connection.execute(f'use "{name}"')
        relations = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_catalog = current_database() order by all"
        ).fetchall()
        for schema, relation in relations:
            try:
                connection.execute(f'select * from "{schema}"."{relation}" limit 0')
            except duckdb.Error as error:
                raise BuildFailed(
                    f"{schema}.{relation} cannot be read in the file that analysts get, whose "
                    "tables stay as they were: make it a table, or name what it reads by the macro "
                    f"same_file ({' '.join(str(error).split())})."
                ) from None


# What is told of the warehouse and changes nothing in it.
TELLS = (
    *("published", "traced", "answered"),
    *("closed", "failed", "telling", "told", "not told"),
    *("answering", "answered by post", "not answered"),
    *("collected", "set aside", "not collected", "collected again"),
    *("over its bounds", "within its bounds"),
)


@dataclass(frozen=True)
class Fingerprint:
    """As of when, the last thing that had happened, and the project's files as one hash."""

    as_of: datetime
    happened: str
    project: str


def made_from(settings: Settings, as_of: datetime) -> Fingerprint:
    """What a build as of that moment is made from now."""
    with reading(settings) as connection:
        return _made_from(connection, settings, as_of)


def _made_from(
    connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: datetime
) -> Fingerprint:
    row = connection.execute(
        "select hash from warehouse.ledger.events where not list_contains(?, kind) "
        "order by seq desc limit 1",
        [list(TELLS)],
    ).fetchone()
    places = places_in_use(settings)
    contracts = {
        f"contracts/{path.name}": path.read_bytes() for path in places.contracts.glob("*.yaml")
    }
    project = digest_of(project_files(workplace(settings)) | contracts)
    return Fingerprint(as_of, str(row[0]) if row else "", project)


def keep_made_from(connection: duckdb.DuckDBPyConnection, made: "Fingerprint") -> None:
    """Write it into a new build."""
    connection.execute(
        "create table marts.built_from as select ? as as_of, ? as happened, ? as project",
        [made.as_of, made.happened, made.project],
    )


def standing_build(settings: Settings) -> datetime | None:
    """The moment of the analysts' file, if a build now would come to the same; else None.

    It does on the same day (lateness grows by the day), when nothing has happened since and no
    seed, model or contract is another.
    """
    if not settings.analysts.exists():
        return None
    try:
        with duckdb.connect(str(settings.analysts), read_only=True) as connection:
            row = connection.execute(
                "select as_of, happened, project from marts.built_from"
            ).fetchone()
    except duckdb.CatalogException:  # built by an earlier version
        return None
    if row is None:
        return None
    made = Fingerprint(*row)
    now = clock.now()
    same_day = made.as_of.date() == now.date() and made.as_of <= now
    return made.as_of if same_day and made == made_from(settings, made.as_of) else None
