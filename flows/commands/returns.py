"""Words for those who send and take in returns, from ingest to the template of a return."""

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import (
    Answered,
    AsJson,
    Because,
    By,
    Home,
    settings_of,
    show,
    with_prefect,
)
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.warehouse.connection import Row, as_rows, reading
from flows.warehouse.findings import FINDINGS, MOST_FINDINGS

if TYPE_CHECKING:
    from flows.intake.submission import Submission

app = typer.Typer()


@app.command()
def ingest(
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
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Take files in: read, judge and keep them."""
    settings = settings_of(home)
    from flows.commands.arguments import sent_from

    sent = sent_from(files or [], return_name, sender, period, part, again, settings)
    if explain:
        _explain(sent, settings, as_json)
        return
    with with_prefect(home):
        from flows.operations.ingest import ingest as flow

        done = flow(sent if files else None, settings.home)
    rows = [ingested_as_json(one, settings) for one in done]
    columns = [
        "file",
        "outcome",
        "period",
        "rows_loaded",
        "rows_quarantined",
        "rows_dropped",
        "amount_total",
        "reason",
    ]
    if rows or as_json:
        show(rows, as_json, columns)
    else:
        print("Nothing waits in the inbox.")
    if any(one.outcome == "rejected" for one in done):
        raise Answered(1)


def _explain(sent: "list[Submission]", settings: Settings, as_json: bool) -> None:
    from flows.intake.explain import as_lines, explain
    from flows.intake.rules import read_rules

    if not sent:
        raise Answered(2, "Name the files to explain.")
    rules = read_rules(settings)
    found = [explain(one, rules, settings) for one in sent]
    if as_json:
        print(json.dumps([one.as_json() for one in found], indent=2, default=str))
    else:
        print("\n\n".join("\n".join(as_lines(one)) for one in found))
    if any(one.refused for one in found):
        raise Answered(1)


@app.command()
def status(as_json: AsJson = False, home: Home = None) -> None:
    """Which returns are owed and received, and how late."""
    from flows.warehouse.slots import status as listing

    rows = listing(settings_of(home))
    show(
        rows,
        as_json,
        [
            "period",
            "return",
            "sender",
            "part",
            "outcome",
            "due",
            "received_at",
            "late_days",
            "rows_loaded",
            "rows_quarantined",
        ],
    )


@app.command()
def findings(
    everything: Annotated[
        bool, typer.Option("--all", help="Also those cleared or superseded.")
    ] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """What was found in the returns, worst first."""
    from flows.warehouse.findings import list_findings as listing

    rows = listing(settings_of(home), everything)
    show(rows, as_json, ["severity", "file", "row", "column", "value", "message"])


@app.command()
def confirm(
    return_id: Annotated[str, typer.Argument(help="A held return.")],
    by: By,
    because: Because,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Put a held return in force."""
    from flows.commands.arguments import confirm_return

    names = confirm_return(settings_of(home), return_id, by, because)
    show(
        [{"return_id": name, "outcome": "loaded"} for name in names],
        as_json,
        ["return_id", "outcome"],
    )


@app.command()
def answer(
    return_id: Annotated[str, typer.Argument(help="A return with findings.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write to.")] = Path(),
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Write the answer for a sender: what was found, and their workbook with the cells marked."""
    from flows.intake.answer import hand_over

    paths = hand_over(settings_of(home), return_id, to)
    show([{"return_id": return_id, "path": str(path)} for path in paths], as_json, ["path"])


@app.command()
def template(
    return_name: Annotated[str, typer.Argument(metavar="RETURN", help="Which return it is for.")],
    to: Annotated[Path | None, typer.Option("--to", help="FILE.xlsx; else named for you.")] = None,
    sender: Annotated[str | None, typer.Option(help="Who will send it.")] = None,
    period: Annotated[str | None, typer.Option(help="For which period.")] = None,
    from_file: Annotated[
        Path | None,
        typer.Option("--from", help="Print a draft layout for FILE instead, for the contract."),
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Write a blank workbook for a return: what is filled in reads back as it stands."""
    from flows.commands.arguments import contract_called
    from flows.returns.templates.write import draft_from, write_template

    settings = settings_of(home)
    contract = contract_called(return_name, settings)
    if from_file is not None:
        print(draft_from(from_file, contract, sender, settings), end="")
        return
    path = write_template(contract, to, sender, period, settings)
    show(
        {"return": return_name, "path": str(path), "version": contract.version},
        as_json,
        ["return", "path", "version"],
    )


def ingested_as_json(one: Ingested, settings: Settings) -> Row:
    """What became of a file, as the design's JSON object, with its findings."""
    counts = one.counts
    with reading(settings) as connection:
        findings = as_rows(
            connection.execute(
                f'{FINDINGS} where list_contains(?, f.return_id) order by f."row", f.rule limit ?',
                [one.returns, MOST_FINDINGS],
            )
        )
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
