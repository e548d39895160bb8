"""Words for analysts and auditors: build, trace, query, export."""

import json
from pathlib import Path
from typing import Annotated, cast

import typer

from flows.commands.words import AsJson, Home, settings_of, show, with_prefect

app = typer.Typer()


@app.command()
def build(home: Home = None, as_json: AsJson = False) -> None:
    """Build the models into the analysts' file."""
    with_prefect(home)
    from flows.model import build_models

    built = build_models(settings_of(home).home)
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
    breakdown: Annotated[str | None, typer.Option(help="For example district=Liverpool.")] = None,
    basis: Annotated[str | None, typer.Option(help="For example all.")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Which rows of which files a figure is made of."""
    from flows.exporting import trace as ask

    found = ask(settings_of(home), indicator, period, basis, breakdown)
    if as_json:
        print(json.dumps(found, indent=2, default=str))
        return
    rows = cast(list[dict[str, object]], found.pop("rows"))
    show(found, False, list(found))
    show(rows, False, ["file", "sheet", "row", "numerator", "denominator"])


@app.command()
def query(sql: str, as_json: AsJson = False, home: Home = None) -> None:
    """Ask the modelled tables in SQL."""
    from flows.exporting import query as ask

    rows = ask(settings_of(home), sql)
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
