"""Verbs for who looks after an installation: demo, serve, dispose, backup, migrate, doctor ..."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.authority.places import places_in_use
from flows.commands.options import AsJson, BadWords, Home, before_prefect, with_prefect
from flows.commands.verb import Answer, Rows, print_rows, verb
from flows.common.settings import Settings

if TYPE_CHECKING:
    from flows.operations.notify import Message

app = typer.Typer()


@app.command()
def demo(
    quarter: Annotated[
        bool, typer.Option("--quarter", help="Only the finance of one quarter: a minute or two.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Run two years of a made-up authority, from its inbox to its releases: ten minutes."""
    from flows.commands.arguments import demo_home

    with with_prefect(demo_home(home)) as settings:
        from flows.demo.made.deliveries import QUARTER, WHOLE
        from flows.demo.run import run

        run(settings, QUARTER if quarter else WHOLE, as_json)


@app.command()
def serve(home: Home = None) -> None:
    """Run every deployment of prefect.yaml on its schedule, with Prefect's own server."""
    own = "PREFECT_API_URL" not in os.environ
    settings = before_prefect(home, talkative=True, serves=own)
    from flows.operations.server.own_server import own_server, password_file, serving_alone

    # What keeps services running ends them so, at any moment: the server must not be left behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    with ExitStack() as running:
        running.enter_context(serving_alone(settings))
        if own:
            os.environ["PREFECT_API_URL"] = url = running.enter_context(own_server(settings))
            print(
                f"Prefect's pages: {url.removesuffix('/api')} (the password they ask for is in "
                f"{password_file(settings)})",
                file=sys.stderr,
            )
        from flows.operations.server.serve import serve_all

        serve_all(settings)


@verb(app)
def deploy(settings: Settings) -> Rows:
    """Put the deployments on the server of PREFECT_API_URL, for workers of a pool (not for serve).

    Their work pool is made, and what says of a run whose worker is dead that it has crashed.
    """
    if "PREFECT_API_URL" not in os.environ:
        raise BadWords("Set PREFECT_API_URL to the server that the workers ask; serve needs none.")
    from flows.operations.server.prefect_settings import prepare

    prepare(settings)
    from flows.operations.server.deploy import deploy as put_on_server

    return put_on_server(settings)


@verb(app, columns=["what", "return", "sender", "period", "rows", "due_since", "authority"])
def dispose(
    settings: Settings,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
    by: Annotated[str, typer.Option("--by", help="On whose say: a name or post.")] = (
        "the retention schedule"
    ),
) -> Rows:
    """Remove the originals and the rows about people whose retention is over."""
    from flows.returns.contract import read_contracts
    from flows.warehouse.retention import dispose as dispose_of

    due = dispose_of(settings, read_contracts(places_in_use(settings).contracts), by, dry_run)
    return [one.as_row() for one in due]


@verb(app)
def backup(
    settings: Settings,
    to: Annotated[Path, typer.Option("--to", help="FILE.tar, apart from the home.")],
) -> Answer:
    """Keep a copy of the warehouse, the archive, the answers, the releases and the audit's files.

    The key is not in it, nor what waits in the inbox, nor what build makes anew.
    """
    from flows.warehouse.copies.backup import as_row, back_up

    row = as_row(back_up(settings, to))
    return Answer(row, _with_note(row, "The key is not in it: keep a copy of the key elsewhere."))


@verb(app)
def restore(
    settings: Settings,
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
) -> Answer:
    """Make an empty home from a backup, every file compared with the backup's manifest."""
    from flows.warehouse.connection import SCHEMA_VERSION
    from flows.warehouse.copies.backup import as_row
    from flows.warehouse.copies.backup import restore as put_back

    done = put_back(settings, source)
    row = as_row(done)
    first = "" if done.schema_version == SCHEMA_VERSION else "migrate, "
    note = f"Put the key back at {settings.key_path}; then run {first}audit check, and build."
    return Answer(row, _with_note(row, note))


@verb(app)
def migrate(
    settings: Settings,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the steps.")] = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="FILE.tar for the backup; by default beside it.")
    ] = None,
) -> Answer:
    """Lead a home of an earlier version to this one, step by step, after a backup."""
    from flows.warehouse.migrations.run import migrate as lead
    from flows.warehouse.migrations.run import steps_ahead

    backup = None
    if dry_run:
        steps = steps_ahead(settings)
    else:
        done = lead(settings, to)
        steps, backup = list(done.steps), done.backup
    rows = [step.as_row() for step in steps]

    def text() -> None:
        for row in rows:
            print(f"schema {row['from']} to {row['to']}: {row['what']}")
        if not rows:
            print("The home is of this version: there is nothing to migrate.")
        elif backup:
            print(f"As it was before it is kept in {backup}.")
            print("Next: audit check, build, and verify --all.")

    return Answer({"steps": rows, "backup": str(backup) if backup else None}, text)


def _with_note(row: dict[str, object], note: str) -> Callable[[], None]:
    def text() -> None:
        print_rows(row)
        print(note)

    return text


@verb(app)
def doctor(settings: Settings) -> Answer:
    """Check versions, folders and declarations, and say how to mend what is wrong."""
    from flows.operations.setup.doctor import examine

    rows = examine(settings)
    return Answer(rows, status=1 if any(row["state"] == "wrong" for row in rows) else 0)


@verb(app)
def notify(
    settings: Settings,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be told.")
    ] = False,
) -> Answer:
    """Tell people, once, of rejected, held and late returns, blocked releases and failed runs."""
    from flows.operations.notify import NO_CHANNEL, tell

    messages = tell(settings, dry_run=dry_run)
    rows = [
        {
            "channel": one.channel,
            "told": not (dry_run or one.fault or one.channel == NO_CHANNEL),
            "news": [vars(notice) for notice in one.notices],
            "fault": one.fault or None,
        }
        for one in messages
    ]

    def text() -> None:
        for one in messages:
            print(_as_text(one))
        if any(one.channel == NO_CHANNEL for one in messages):
            print("No channel is set: see SOCIAL_VALUE_SMTP_HOST, _EMAIL_TO and _WEBHOOK.")

    faults = " ".join(one.fault for one in messages if one.fault)
    return Answer(rows, text, 3 if faults else 0, faults)


def _as_text(message: "Message") -> str:
    if not message.notices:
        return f"{message.channel}: nothing new."
    return f"{message.channel}: {message.subject}\n\n{message.text}"
