"""Words for analysts and auditors: build, trace, query, export."""

import json
from pathlib import Path
from typing import Annotated, cast

import typer

from flows.commands.words import AsJson, AsOf, Home, moment_of, settings_of, show, with_prefect

app = typer.Typer()


@app.command()
def build(as_of: AsOf = None, home: Home = None, as_json: AsJson = False) -> None:
    """Build the models into the analysts' file; as of a past moment, into a file of its own."""
    settings = settings_of(home)
    moment = moment_of(as_of)
    with_prefect(home)
    from flows.asof import place_of
    from flows.model import build_models

    target = None if moment is None else place_of(settings, moment)
    built = build_models(settings.home, moment, target)
    kinds = [node.kind for node in built.nodes]
    row = {
        "path": str(built.path),
        "as_of": built.as_of.isoformat(),
        "models": kinds.count("model"),
        "seeds": kinds.count("seed"),
        "tests": kinds.count("test") + kinds.count("unit_test"),
    }
    show(row, as_json, list(row))


@app.command()
def trace(
    indicator: str,
    period: str,
    breakdown: Annotated[
        str | None, typer.Option(help="For example district=Liverpool, employer/sex=lcrca/female.")
    ] = None,
    basis: Annotated[str | None, typer.Option(help="For example all.")] = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Also rows about people; this is recorded.")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="Who asks: a name or post.")] = "",
    because: Annotated[str, typer.Option("--because", help="Why.")] = "",
    as_of: AsOf = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Which rows of which files a figure is made of."""
    from flows.asof import as_known
    from flows.tracing import Question, trace_restricted
    from flows.tracing import trace as ask

    question = Question(indicator, period, basis, breakdown)
    with as_known(settings_of(home), moment_of(as_of)) as settings:
        found = (
            trace_restricted(settings, question, by, because)
            if restricted
            else ask(settings, question)
        )
    if as_json:
        print(json.dumps(found, indent=2, default=str))
        return
    tables = {
        "returns": ["file", "sheet", "rows"],
        "checks": ["return_id", "rule", "outcome", "rows_checked", "rows_failed"],
        "rows": ["file", "sheet", "row", "numerator", "denominator"],
    }
    lists = {name: cast(list[dict[str, object]], found.pop(name, [])) for name in tables}
    show(found, False, list(found))
    for name, columns in tables.items():
        if lists[name]:
            show(lists[name], False, columns)


@app.command()
def query(sql: str, as_of: AsOf = None, as_json: AsJson = False, home: Home = None) -> None:
    """Ask the modelled tables in SQL."""
    from flows.asof import as_known
    from flows.exporting import query as ask

    with as_known(settings_of(home), moment_of(as_of)) as settings:
        rows = ask(settings, sql)
    show(rows, as_json, list(rows[0]) if rows else [])


@app.command()
def export(
    relation: Annotated[str, typer.Argument(help="For example marts.fct_payments.")],
    to: Annotated[Path, typer.Option("--to", help="FILE.csv, FILE.parquet or FILE.xlsx")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Write a modelled table to a file."""
    from flows.exporting import export as write

    row = {"relation": relation, "path": str(to), "rows": write(settings_of(home), relation, to)}
    show(row, as_json, list(row))
