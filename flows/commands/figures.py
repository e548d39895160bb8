"""Verbs for analysts: build, query, export."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import AsOf, BadWords, moment_of
from flows.commands.running import OnRecord, built
from flows.commands.verb import Rows, verb
from flows.common.settings import Settings
from flows.warehouse.connection import Row

if TYPE_CHECKING:
    from flows.modelling.node import Node

app = typer.Typer()


@verb(app)
def build(
    settings: Settings,
    as_of: AsOf = None,
    with_dbt: Annotated[
        bool, typer.Option("--with-dbt", help="By dbt itself, with every test.")
    ] = False,
    in_postgres: Annotated[
        bool,
        typer.Option(
            "--in-postgres", help="In the PostgreSQL database that PGHOST, PGUSER, PGDATABASE name."
        ),
    ] = False,
    in_spark: Annotated[
        Path | None,
        typer.Option("--in-spark", help="In Spark, into this folder, which is made anew."),
    ] = None,
    on_record: OnRecord = False,
) -> Rows:
    """Build the models into the analysts' file; as of a past moment, into a file of its own."""
    moment = moment_of(as_of)
    if in_postgres and in_spark is not None:
        raise BadWords("--in-postgres or --in-spark: a build goes to one engine.")
    if in_postgres:
        from flows.modelling.postgres import build_in_postgres

        there = build_in_postgres(settings, moment)
        return {"database": there.place, **_counted(there.as_of, there.nodes)}
    if in_spark is not None:
        from flows.modelling.spark import build_in_spark

        there = build_in_spark(settings, in_spark, moment)
        return {"folder": there.place, **_counted(there.as_of, there.nodes)}
    from flows.modelling.as_of import place_of

    target = None if moment is None else place_of(settings, moment)
    done = built(settings, moment, target, with_dbt, on_record)
    return {"path": str(done.path), **_counted(done.as_of, done.nodes)}


def _counted(as_of: datetime, nodes: "list[Node]") -> Row:
    kinds = [node.kind for node in nodes]
    return {
        "as_of": as_of.isoformat(),
        "models": kinds.count("model"),
        "seeds": kinds.count("seed"),
        "tests": kinds.count("test") + kinds.count("unit_test"),
    }


@verb(app)
def query(settings: Settings, sql: str, as_of: AsOf = None) -> Rows:
    """Ask the modelled tables in SQL."""
    from flows.modelling.analysts import query as ask
    from flows.modelling.as_of import as_known

    with as_known(settings, moment_of(as_of)) as models:
        return ask(settings, sql, models)


@verb(app)
def export(
    settings: Settings,
    relation: Annotated[str, typer.Argument(help="For example marts.fct_payments.")],
    to: Annotated[Path, typer.Option("--to", help="FILE.csv, FILE.parquet or FILE.xlsx")],
) -> Rows:
    """Write a modelled table to a file."""
    from flows.modelling.analysts import export as write

    return {"relation": relation, "path": str(to), "rows": write(settings, relation, to)}
