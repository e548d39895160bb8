"""Words for analysts and auditors: build, trace, query, export."""

import json
from pathlib import Path
from typing import Annotated, cast

import typer

from exports.files.listing import AuditFolder, AuditList, folder_workbook
from flows.commands.options import (
    Answered,
    AsJson,
    AsOf,
    Home,
    moment_of,
    settings_of,
    show,
    with_prefect,
)
from flows.common import clock
from flows.modelling.analysts import BadQuestion
from flows.warehouse.connection import Row

app = typer.Typer()
SHOWN = 20  # rows of a list on a terminal


@app.command()
def build(as_of: AsOf = None, home: Home = None, as_json: AsJson = False) -> None:
    """Build the models into the analysts' file; as of a past moment, into a file of its own."""
    settings = settings_of(home)
    moment = moment_of(as_of)
    with with_prefect(home):
        from flows.modelling.as_of import place_of
        from flows.operations.build import build_models

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
    indicator: Annotated[str | None, typer.Argument(help="For example C01.")] = None,
    period: Annotated[str | None, typer.Argument(help="For example 2022-23 Q1.")] = None,
    breakdown: Annotated[
        str | None, typer.Option(help="For example district=Liverpool, employer/sex=lcrca/female.")
    ] = None,
    basis: Annotated[str | None, typer.Option(help="For example all.")] = None,
    release: Annotated[
        str | None, typer.Option(help="A release, for a cell of it: quarterly/2022-23-Q1/r1.")
    ] = None,
    table: Annotated[str | None, typer.Option(help="Its table.")] = None,
    row: Annotated[
        str | None, typer.Option(help="Its row: period=2022-23 Q1; place=Halton")
    ] = None,
    column: Annotated[str | None, typer.Option(help="Its column.")] = None,
    file: Annotated[
        str | None, typer.Option(help="The other way: what a return, or a file, came to.")
    ] = None,
    line: Annotated[int | None, typer.Option("--line", help="Only that row of the file.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Also as a workbook, FILE.xlsx.")] = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Also rows about people; this is recorded.")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="Who asks: a name or post.")] = "",
    because: Annotated[str, typer.Option("--because", help="Why.")] = "",
    as_of: AsOf = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """What a figure is made of: a value, a published cell, or, the other way, a file."""
    settings = settings_of(home)
    if file is not None:
        from flows.audit.trace_file import trace_file

        rows = trace_file(settings, file, line)
        show(rows, as_json, list(rows[0]) if rows else [])
        return
    if release is not None:
        from flows.audit.trace_cell import CellQuestion, trace_cell

        if table is None or row is None or column is None:
            raise Answered(2, "Of a release, name the cell: --table, --row and --column.")
        found = trace_cell(settings, CellQuestion(release, table, row, column))
    elif indicator is None or period is None:
        raise Answered(2, "Name an indicator and a period, a cell of a --release, or a --file.")
    else:
        from flows.audit.trace_value import Question, trace_restricted
        from flows.audit.trace_value import trace as ask
        from flows.modelling.as_of import as_known

        question = Question(indicator, period, basis, breakdown)
        with as_known(settings, moment_of(as_of)) as then:
            found = (
                trace_restricted(then, question, by, because) if restricted else ask(then, question)
            )
    if to is not None:
        from flows.commands.figures import write_trace

        write_trace(found, to)
    _show_trace(found, as_json)


def _show_trace(found: dict[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, indent=2, default=str))
        return
    tables = {
        "returns": ["file", "sheet", "rows"],
        "checks": ["return_id", "rule", "outcome", "rows_checked", "rows_failed"],
        "rows": ["file", "sheet", "row", "numerator", "denominator"],
        "made_of": [],
        "contributions": [],
        "ledger": ["seq", "at", "kind", "file"],
    }
    lists = {name: cast(list[dict[str, object]], found.pop(name, [])) for name in tables}
    show(found, False, list(found))
    for name, columns in tables.items():
        if rows := lists[name]:
            print(f"\n{name.replace('_', ' ')}: {len(rows):,}")
            show(rows[:SHOWN], False, columns or _telling(rows))
            if len(rows) > SHOWN:
                print(f"... and {len(rows) - SHOWN:,} more: --json or --to FILE.xlsx lists all.")


def _telling(rows: list[dict[str, object]]) -> list[str]:
    """The columns of a wide list that tell its rows apart; all of a single row."""
    names = list(rows[0])
    return [name for name in names if any(row[name] != rows[0][name] for row in rows)] or names


@app.command()
def query(sql: str, as_of: AsOf = None, as_json: AsJson = False, home: Home = None) -> None:
    """Ask the modelled tables in SQL."""
    from flows.modelling.analysts import query as ask
    from flows.modelling.as_of import as_known

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
    from flows.modelling.analysts import export as write

    row = {"relation": relation, "path": str(to), "rows": write(settings_of(home), relation, to)}
    show(row, as_json, list(row))


LISTS = {
    "made_of": "One row is a row of the relation, or a cell, that the rule names.",
    "contributions": "One row is a sender's row that counts in it.",
    "rows": "One row is a sender's row that counts in it.",
    "returns": "One row is a return that rows about people stand in.",
    "checks": "One row is what a check said of such a return.",
    "ledger": "One row is an event of the ledger about a return behind it.",
}


def write_trace(found: Row, target: Path) -> None:
    """Write the answer as FILE.xlsx. Raises BadQuestion where the name says otherwise."""
    if target.suffix != ".xlsx":
        raise BadQuestion(f"{target.name}: a trace is written as a workbook, FILE.xlsx.")
    if not target.absolute().parent.is_dir():
        raise BadQuestion(f"There is no folder {target.absolute().parent}: make it first.")
    facts: list[Row] = [
        {"what": name.replace("_", " "), "says": None if value is None else str(value)}
        for name, value in found.items()
        if name not in LISTS
    ]
    listings = [
        AuditList("Figure", "The figure", "One row is a fact of it.", ["what", "says"], facts)
    ]
    for name, about in LISTS.items():
        rows = found.get(name)
        if isinstance(rows, list):
            columns = list(dict.fromkeys(column for row in rows for column in row))
            title = name.replace("_", " ").capitalize()
            listings.append(AuditList(title, title, about, columns, rows))
    what = ", ".join(str(row["says"]) for row in facts[:4] if row["says"])
    folder = AuditFolder("Trace of a figure", what, clock.now(), [what], listings)
    target.write_bytes(folder_workbook(folder))
