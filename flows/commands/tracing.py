"""Verbs for auditors: trace a value, a published cell or a file."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import typer

from exports.files.listing import AuditFolder, AuditList, folder_workbook
from flows.commands.options import AsOf, moment_of
from flows.commands.verb import Answer, print_rows, verb
from flows.common import clock
from flows.common.settings import Settings
from flows.modelling.analysts import BadQuestion
from flows.warehouse.connection import Row

app = typer.Typer()
trace_app = typer.Typer(
    help="What a figure is made of, and what a file came to.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(trace_app, name="trace")
Workbook = Annotated[Path | None, typer.Option("--to", help="Also as a workbook, FILE.xlsx.")]
PLACE = ("file", "sheet", "row")  # said of every row of a sender
COUNTED = ("leads_to", "seeds")  # rows on the way: on a terminal, how many there are of which
PRINTED = 20  # rows of a list on a terminal
COLUMNS: dict[str, Sequence[str]] = {  # of each list of an answer; none: those that tell rows apart
    "returns": ["file", "sheet", "rows"],
    "checks": ["return_id", "rule", "outcome", "rows_checked", "rows_failed"],
    "rows": ["file", "sheet", "row", "numerator", "denominator"],
    "made_of": [],
    "leads_to": ["relation", "row"],
    "seeds": ["seed", "row"],
    "contributions": [],
    "decisions": ["at_utc", "decided_by", "decision", "because", "claim_file", "claim_row"],
    "ledger": ["seq", "at", "kind", "file"],
}
ABOUT = {
    "made_of": "One row is a row of the relation, or a cell, that the rule names.",
    "leads_to": "One row is a row of a relation, on the way to what senders sent.",
    "seeds": "One row is a row of a seed, which people edit.",
    "contributions": "One row is a sender's row that counts in it.",
    "rows": "One row is a sender's row that counts in it.",
    "decisions": "One row is what an officer decided on a claim behind it.",
    "returns": "One row is a return that rows about people stand in.",
    "checks": "One row is what a check said of such a return.",
    "ledger": "One row is an event of the ledger about a return behind it.",
}


@verb(trace_app)
def value(
    settings: Settings,
    indicator: Annotated[str, typer.Argument(help="For example C01.")],
    period: Annotated[str, typer.Argument(help="For example 2022-23 Q1.")],
    breakdown: Annotated[
        str | None,
        typer.Option(help="For example district=Northmoor, employer/sex=northmoor/female."),
    ] = None,
    basis: Annotated[str | None, typer.Option(help="For example all.")] = None,
    to: Workbook = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Also rows about people; this is recorded.")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="Who asks: a name or post.")] = "",
    because: Annotated[str, typer.Option("--because", help="Why.")] = "",
    as_of: AsOf = None,
) -> Answer:
    """What an indicator's value is made of, down to the senders' rows."""
    from flows.audit.trace_value import Question, trace, trace_restricted
    from flows.modelling.as_of import as_known

    question = Question(indicator, period, basis, breakdown)
    with as_known(settings, moment_of(as_of)) as models:
        if restricted:
            found = trace_restricted(settings, question, by, because, models)
        else:
            found = trace(settings, question, models)
    return _traced(found, to)


@verb(trace_app)
def cell(
    settings: Settings,
    release: Annotated[str, typer.Argument(help="For example quarterly/2022-23-Q1/r1.")],
    table: Annotated[str, typer.Option(help="Its table.")],
    row: Annotated[str, typer.Option(help="Its row: period=2022-23 Q1; place=Northmoor")],
    column: Annotated[str, typer.Option(help="Its column.")],
    to: Workbook = None,
) -> Answer:
    """What a published cell of a release is made of."""
    from flows.audit.trace_cell import CellQuestion, trace_cell

    return _traced(trace_cell(settings, CellQuestion(release, table, row, column)), to)


@verb(trace_app)
def file(
    settings: Settings,
    name: Annotated[str, typer.Argument(metavar="FILE", help="A file, or a return.")],
    line: Annotated[int | None, typer.Option("--line", help="Only that row of the file.")] = None,
) -> Answer:
    """The other way: by which source a file came, and which published figures it came to."""
    from flows.audit.trace_file import origins_of, trace_file

    rows = trace_file(settings, name, line)
    came = [vars(one) for one in origins_of(settings, name)]

    def text() -> None:
        for one in came:
            print(
                "It came by {source} from {sender}, who put it there at {put_there} UTC; it was"
                " collected at {collected_at} UTC.".format_map(one)
            )
        print_rows(rows)

    return Answer([{**row, "came_by": came} for row in rows], text)


def _traced(found: Row, to: Path | None) -> Answer:
    """The answer, also as a workbook where one is asked for."""
    if to is not None:
        write_trace(found, to)

    def text() -> None:
        facts = {name: what for name, what in found.items() if name not in COLUMNS}
        print_rows(facts)
        for name, columns in COLUMNS.items():
            rows = cast(list[Row], found.get(name, []))
            if rows:
                print(f"\n{name.replace('_', ' ')}: {len(rows):,}")
            if rows and name in COUNTED:
                print_rows(_counted(rows, columns[0]))
            elif rows:
                print_rows(rows[:PRINTED], columns or _distinctive(rows))
            if len(rows) > PRINTED and name not in COUNTED:
                print(f"... and {len(rows) - PRINTED:,} more: --json or --to FILE.xlsx lists all.")

    return Answer(found, text)


def _counted(rows: list[Row], name: str) -> list[Row]:
    """How many rows there are of each value of the column, in the order they come."""
    return [{name: value, "rows": count} for value, count in Counter(r[name] for r in rows).items()]


def _distinctive(rows: list[Row]) -> list[str]:
    """The columns of a wide list that tell its rows apart, and where they stand; all of one row."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    apart = [
        name
        for name in names
        if name in PLACE or any(row.get(name) != rows[0].get(name) for row in rows)
    ]
    return names if len(rows) == 1 else apart


def write_trace(found: Row, target: Path) -> None:
    """Write the answer as FILE.xlsx. Raises BadQuestion where the name says otherwise."""
    if target.suffix != ".xlsx":
        raise BadQuestion(f"{target.name}: a trace is written as a workbook, FILE.xlsx.")
    if not target.absolute().parent.is_dir():
        raise BadQuestion(f"There is no folder {target.absolute().parent}: make it first.")
    facts: list[Row] = [
        {"what": name.replace("_", " "), "says": None if value is None else str(value)}
        for name, value in found.items()
        if name not in ABOUT
    ]
    listings = [
        AuditList("Figure", "The figure", "One row is a fact of it.", ["what", "says"], facts)
    ]
    for name, about in ABOUT.items():
        rows = found.get(name)
        if isinstance(rows, list):
            columns = list(dict.fromkeys(column for row in rows for column in row))
            title = name.replace("_", " ").capitalize()
            listings.append(AuditList(title, title, about, columns, rows))
    what = ", ".join(str(row["says"]) for row in facts[:4] if row["says"])
    folder = AuditFolder("Trace of a figure", what, clock.now(), [what], listings)
    target.write_bytes(folder_workbook(folder))
