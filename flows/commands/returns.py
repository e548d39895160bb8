"""Verbs for those who send and take in returns, from ingest to the template of a return."""

import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.listing import (
    sum_up_findings,
    sum_up_held,
    sum_up_status,
    waiting,
    waiting_first,
)
from flows.commands.options import Answered, Because, By, OfPeriod, OfReturn, OfSender
from flows.commands.running import OnRecord, ingested
from flows.commands.verb import Answer, Rows, print_rows, verb
from flows.common.settings import Settings
from flows.common.terminal import printable
from flows.intake.submission import Ingested
from flows.warehouse.asked import ALL_RETURNS
from flows.warehouse.connection import Row, reading
from flows.warehouse.findings import findings_of, list_alike, list_findings
from flows.warehouse.held_texts import TEXTS, held_texts

if TYPE_CHECKING:
    from flows.intake.submission import Submission

app = typer.Typer()
INGESTED = [
    *("file", "outcome", "period", "rows_loaded", "rows_quarantined", "rows_dropped"),
    *("amount_total", "reason"),
]
FEW = 40  # so many returns are listed whole
FOUND = ["severity", "count", "file", "rows", "column", "value", "message"]
STATUS = [
    *("period", "return", "sender", "part", "outcome", "due", "received_at", "late_days"),
    *("rows_loaded", "rows_quarantined"),
]


@verb(app)
def ingest(
    settings: Settings,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files; without any, the inbox.")
    ] = None,
    return_name: Annotated[str | None, typer.Option("--return", help="Which return it is.")] = None,
    sender: Annotated[str | None, typer.Option(help="Who sent it.")] = None,
    period: Annotated[str | None, typer.Option(help="For which period it is.")] = None,
    part: Annotated[str | None, typer.Option(help="Which part of the period it is.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Judge it anew.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what is seen in FILE, and keep nothing.")
    ] = False,
    on_record: OnRecord = False,
) -> Answer:
    """Take files in: read, judge and keep them."""
    from flows.commands.arguments import submissions_from

    named = submissions_from(files or [], return_name, sender, period, part, again, settings)
    if explain:
        return _explain(named, settings)
    done = ingested(settings, named if files else None, on_record)
    rows = [ingested_as_json(one, settings) for one in done]

    def text() -> None:
        if rows:
            print_rows(rows, INGESTED)
        else:
            print("Nothing waits in the inbox.")

    return Answer(rows, text, 1 if any(one.outcome == "rejected" for one in done) else 0)


def _explain(named: "list[Submission]", settings: Settings) -> Answer:
    from flows.intake.explain import as_lines, explain
    from flows.intake.rules import read_rules

    if not named:
        raise Answered(2, "Name the files to explain.")
    rules = read_rules(settings)
    found = [explain(one, rules, settings) for one in named]

    def text() -> None:
        print(printable("\n\n".join("\n".join(as_lines(one)) for one in found)))

    status = 1 if any(one.refused for one in found) else 0
    return Answer([one.as_json() for one in found], text, status)


@verb(app)
def status(
    settings: Settings,
    missing: Annotated[bool, typer.Option("--missing", help="Only those that have not come.")] = (
        False
    ),
    late: Annotated[bool, typer.Option("--late", help="Only those that are or were late.")] = False,
    sender: OfSender = None,
    period: OfPeriod = None,
    return_name: OfReturn = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that wait for nobody.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option("--page", help="FILE.html: the page of that --sender.")
    ] = None,
) -> Answer:
    """Which returns are owed and received, and how late; those that wait for somebody first."""
    from flows.commands.arguments import asked_for
    from flows.common import clock
    from flows.warehouse.slots import status as list_status

    if clock.is_set():
        print(f"The clock is set: it is {clock.now():%d %B %Y %H:%M} here.", file=sys.stderr)
    there = list_status(settings)
    asked = asked_for(sender, period, return_name, there)
    if page is not None:
        return _page(sender, page, there, settings)
    rows = [
        row
        for row in asked.narrow(there)
        if not (missing and row["outcome"] != "missing") and not (late and not row["late_days"])
    ]
    narrowed = everything or missing or late or asked != ALL_RETURNS
    shown = rows if narrowed or len(rows) <= FEW else waiting(rows)

    def text() -> None:
        print(sum_up_status(rows))
        _print_held(settings)
        if shown:
            print_rows(waiting_first(shown), STATUS)
        if others := len(rows) - len(shown):
            print(f"{others:,} more wait for nobody: --all lists them.")

    return Answer(rows, text)


def _page(sender: str | None, page: Path, slots: list[Row], settings: Settings) -> Answer:
    from flows.post.answers.page import sender_page
    from flows.post.answers.standing import standings

    if sender is None:
        raise Answered(2, "A page is a sender's: give --sender.")
    pages = sender_page(sender, standings(slots, settings)[sender], settings, page.name)
    for name, text in pages.items():
        page.with_name(name).write_text(text, encoding="utf-8")
    return Answer([{"sender": sender, "path": str(page.with_name(name))} for name in pages])


@verb(app)
def findings(
    settings: Settings,
    sender: OfSender = None,
    period: OfPeriod = None,
    return_name: OfReturn = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those cleared or superseded.")
    ] = False,
) -> Answer:
    """What was found in the returns, worst first; with --json each by itself, with its id."""
    from flows.commands.arguments import asked_for
    from flows.warehouse.slots import status as list_status

    named = sender is not None or return_name is not None
    asked = asked_for(sender, period, return_name, list_status(settings) if named else [])

    def text() -> None:
        rows = list_alike(settings, everything, asked)
        print(sum_up_findings(rows))
        _print_held(settings)
        if rows:
            print_rows(rows, FOUND)

    return Answer(lambda: list_findings(settings, everything, asked), text)


def _print_held(settings: Settings) -> None:
    stories, texts = (held_texts(settings, name) for name in TEXTS)
    if told := sum_up_held(stories, texts):
        print(told)


@verb(app, columns=["return_id", "outcome"])
def confirm(
    settings: Settings,
    return_id: Annotated[str, typer.Argument(help="A held return.")],
    by: By,
    because: Because,
) -> Rows:
    """Put a held return in force."""
    from flows.commands.arguments import confirm_return

    names = confirm_return(settings, return_id, by, because)
    return [{"return_id": name, "outcome": "loaded"} for name in names]


@verb(app, columns=["path"])
def answer(
    settings: Settings,
    return_id: Annotated[str, typer.Argument(help="A return with findings.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write to.")] = Path(),
) -> Rows:
    """Write the answer for a sender: what was found, and their workbook with the cells marked."""
    from flows.intake.answers.answer import hand_over

    paths = hand_over(settings, return_id, to)
    return [{"return_id": return_id, "path": str(path)} for path in paths]


@verb(app)
def template(
    settings: Settings,
    return_name: Annotated[str, typer.Argument(metavar="RETURN", help="Which return it is for.")],
    to: Annotated[Path | None, typer.Option("--to", help="FILE.xlsx; else named for you.")] = None,
    sender: Annotated[str | None, typer.Option(help="Who will send it.")] = None,
    period: Annotated[str | None, typer.Option(help="For which period.")] = None,
    from_file: Annotated[
        Path | None,
        typer.Option("--from", help="Print a draft layout for FILE instead, for the contract."),
    ] = None,
) -> Rows | Answer:
    """Write a blank workbook for a return: what is filled in reads back as it stands."""
    from flows.commands.arguments import contract_called
    from flows.returns.templates.write import draft_from, write_template

    contract = contract_called(return_name, settings)
    if from_file is not None:
        draft = draft_from(from_file, contract, sender, settings)
        return Answer({"return": return_name, "layout": draft}, lambda: print(draft, end=""))
    path = write_template(contract, to, sender, period, settings)
    return {"return": return_name, "path": str(path), "version": contract.version}


def ingested_as_json(one: Ingested, settings: Settings) -> Row:
    """What became of a file, as the design's JSON object, with its findings."""
    counts = one.counts
    with reading(settings) as connection:
        findings = findings_of(connection, one.returns)
    return {
        "file": one.file,
        "return": one.return_name,
        "return_id": one.returns[0] if len(one.returns) == 1 else one.filing or None,
        "returns": one.returns,
        "sender": one.sender or None,
        "period": one.period or None,
        "outcome": one.outcome,
        "rows_read": counts.read,
        "rows_loaded": counts.loaded,
        "rows_quarantined": counts.quarantined,
        "rows_dropped": counts.dropped,
        "amount_total": _money(counts.amount_total),
        "amount_quarantined": _money(counts.amount_quarantined),
        "reason": one.reason,
        "findings": findings,
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
