"""The `social-value` command: reads words, calls flows or plain functions, and prints."""

import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from flows.periods import read_quarter
from flows.settings import Settings, settings_for

if TYPE_CHECKING:
    from exports.release import Release
    from flows.intake_result import Sent

app = typer.Typer(
    name="social-value",
    help="From the returns of a public body to its quarterly report and its Annual Review.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

DEBUG = "SOCIAL_VALUE_DEBUG"
Home = Annotated[Path | None, typer.Option("--home", help="Where all state lives.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
By = Annotated[str, typer.Option("--by", help="Who says so: a name or post.")]
Because = Annotated[str, typer.Option("--because", help="Why.")]


class Answered(Exception):
    """The command has an answer that is not success: what to print, and the exit status."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status


@app.callback()
def everything(
    home: Home = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Say where state lives, before or after the verb."""
    if home is not None:
        os.environ["SOCIAL_VALUE_HOME"] = str(home)
    if debug:
        os.environ[DEBUG] = "1"


def _settings(home: Path | None) -> Settings:
    settings = settings_for(home)
    os.environ["SOCIAL_VALUE_HOME"] = str(settings.home)
    return settings


def _with_prefect(home: Path | None, *, talkative: bool = False) -> Settings:
    """The settings, with Prefect told to stay at home: before it is imported."""
    settings = _settings(home)
    from flows.prefect_home import prepare

    prepare(settings, talkative=talkative or DEBUG in os.environ)
    return settings


def _print(
    found: list[dict[str, object]] | dict[str, object], as_json: bool, columns: list[str]
) -> None:
    if as_json:
        print(json.dumps(found, indent=2, default=str))
        return
    rows = found if isinstance(found, list) else [found]
    from flows.tables import print_rows

    print_rows(rows, columns)


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
    settings = _settings(home)
    from flows.asking import sent_from

    sent = sent_from(files or [], return_name, sender, period, part, again, settings)
    if explain:
        _explain(sent, settings, as_json)
        return
    _with_prefect(home)
    from flows.ingest import ingest as flow
    from flows.listings import ingested_as_json

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
        _print(rows, as_json, columns)
    else:
        print("Nothing waits in the inbox.")
    if any(one.outcome == "rejected" for one in done):
        raise Answered(1)


def _explain(sent: "list[Sent]", settings: Settings, as_json: bool) -> None:
    from flows.explaining import as_lines, explain
    from flows.intake import read_rules

    if not sent:
        raise Answered(2, "Name the files to explain.")
    rules = read_rules(settings)
    found = [explain(one, rules, settings) for one in sent]
    if as_json:
        print(json.dumps(found, indent=2, default=str))
    else:
        print("\n\n".join("\n".join(as_lines(one)) for one in found))
    if any("refused" in one for one in found):
        raise Answered(1)


@app.command()
def build(home: Home = None, as_json: AsJson = False) -> None:
    """Build the models into the analysts' file."""
    _with_prefect(home)
    from flows.model import build_models

    built = build_models(_settings(home).home)
    kinds = [node.kind for node in built.nodes]
    row = {
        "path": str(built.path),
        "as_of": built.as_of.isoformat(),
        "models": kinds.count("model"),
        "seeds": kinds.count("seed"),
        "tests": kinds.count("test") + kinds.count("unit_test"),
    }
    _print(row, as_json, list(row))


publish_app = typer.Typer(help="Publish a release.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(publish_app, name="publish")


@publish_app.command("quarterly")
def publish_quarterly(
    period: Annotated[str, typer.Argument(help="For example 2022-23 Q1.")],
    override: Annotated[
        list[str] | None, typer.Option(help="What to publish in spite of; with --by and --because.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who overrides.")] = None,
    because: Annotated[str | None, typer.Option("--because", help="Why.")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Publish the quarterly report of a quarter."""
    from flows.asking import overrides_from

    overrides = overrides_from(override or [], by, because)
    read_quarter(period)  # before a server is started
    settings = _with_prefect(home)
    from flows.publish import publish_quarterly as flow

    _print_release(flow(period, settings.home, overrides), as_json)


@app.command("run")
def run(
    period: Annotated[str, typer.Argument(help="For example 2022-23 Q1.")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """The whole road: take in what waits, build, publish the quarter."""
    read_quarter(period)
    settings = _with_prefect(home)
    from flows.publish import run_period

    done, release = run_period(period, settings.home)
    _print_release(release, as_json)
    if any(one.outcome == "rejected" for one in done):
        raise Answered(1)


def _print_release(release: "Release", as_json: bool) -> None:
    row = {
        "release": release.name,
        "path": str(release.path),
        "revision": release.revision,
        "files": release.files,
        "warnings": release.warnings,
    }
    if as_json:
        print(json.dumps(row, indent=2))
        return
    word = "Published" if release.changed else "Nothing has changed since"
    print(f"{word} {release.name}: {release.path}")
    for name in sorted(release.files):
        print(f"  {name}")
    for warning in release.warnings:
        print(f"Please note: {warning}")


@app.command()
def status(as_json: AsJson = False, home: Home = None) -> None:
    """Which returns are owed and received, and how late."""
    from flows.listings import status as listing

    rows = listing(_settings(home))
    _print(
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
    from flows.listings import findings as listing

    rows = listing(_settings(home), everything)
    _print(rows, as_json, ["severity", "file", "row", "column", "value", "message"])


@app.command()
def confirm(
    return_id: Annotated[str, typer.Argument(help="A held return.")],
    by: By,
    because: Because,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Put a held return in force."""
    from flows.asking import confirm_return

    names = confirm_return(_settings(home), return_id, by, because)
    _print(
        [{"return_id": name, "outcome": "loaded"} for name in names],
        as_json,
        ["return_id", "outcome"],
    )


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

    found = ask(_settings(home), indicator, period, basis, breakdown)
    if as_json:
        print(json.dumps(found, indent=2, default=str))
        return
    rows = cast(list[dict[str, object]], found.pop("rows"))
    _print(found, False, list(found))
    _print(rows, False, ["file", "sheet", "row", "numerator", "denominator"])


@app.command()
def query(sql: str, as_json: AsJson = False, home: Home = None) -> None:
    """Ask the modelled tables in SQL."""
    from flows.exporting import query as ask

    rows = ask(_settings(home), sql)
    _print(rows, as_json, list(rows[0]) if rows else [])


@app.command()
def export(
    relation: Annotated[str, typer.Argument(help="For example marts.fct_payments.")],
    to: Annotated[Path, typer.Option("--to", help="FILE.csv, FILE.parquet or FILE.xlsx")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Write a modelled table to a file."""
    from flows.exporting import export as write

    row = {"relation": relation, "path": str(to), "rows": write(_settings(home), relation, to)}
    _print(row, as_json, list(row))


@app.command()
def demo(home: Home = None, as_json: AsJson = False) -> None:
    """Run a made-up authority's quarter from its inbox to its published tables."""
    from flows.asking import demo_home

    settings = _with_prefect(demo_home(home))
    from flows.demonstration import demonstrate

    if not demonstrate(settings, as_json):
        raise Answered(1)


@app.command()
def serve(home: Home = None) -> None:
    """Run every deployment of prefect.yaml on its schedule, with Prefect's own server."""
    settings = _with_prefect(home, talkative=True)
    from flows.serving import serve_all

    serve_all(settings)


@app.command()
def doctor(as_json: AsJson = False, home: Home = None) -> None:
    """Check versions, folders and declarations, and say how to mend what is wrong."""
    from flows.checkup import examine

    rows = examine(_settings(home))
    _print(rows, as_json, ["what", "state", "found", "mend"])
    if any(row["state"] == "wrong" for row in rows):
        raise Answered(1)


def _off(error: typer.TyperException) -> str:
    """What is wrong with the words, and where help is; without any words, the help itself."""
    said = error.format_message()
    at = getattr(error, "ctx", None)
    if at is None or said.startswith("Usage:"):
        return said
    return f"{said.rstrip('.')}: {at.command_path} --help lists what can be said."


def main(words: list[str] | None = None) -> None:
    """Run the command; every fault is one sentence, and a traceback only with --debug."""
    words = list(sys.argv[1:] if words is None else words)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    if debug:
        os.environ[DEBUG] = "1"
    try:
        status = app(words, standalone_mode=False, prog_name="social-value")
    except Answered as answer:
        if str(answer):
            print(answer, file=sys.stderr)
        status = answer.status
    except typer.TyperException as error:
        print(_off(error), file=sys.stderr)
        status = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        print("Stopped.", file=sys.stderr)
        status = 3
    except Exception as error:
        from flows.faults import sentence_for

        if debug:
            traceback.print_exc()
        status, sentence = sentence_for(error)
        print(sentence, file=sys.stderr)
    sys.stdout.flush()
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
