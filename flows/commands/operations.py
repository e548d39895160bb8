"""Words for those who look after an installation: demo, serve, dispose, backup, restore, doctor."""

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import (
    Answered,
    AsJson,
    Home,
    before_prefect,
    settings_of,
    show,
    with_prefect,
)

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
    settings = before_prefect(home, talkative=True)
    from flows.operations.own_server import own_server

    # What keeps services running ends them so, at any moment: the server must not be left behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    with ExitStack() as running:
        if "PREFECT_API_URL" not in os.environ:
            os.environ["PREFECT_API_URL"] = url = running.enter_context(own_server(settings))
            print(f"Prefect's pages: {url.removesuffix('/api')}", file=sys.stderr)
        from flows.operations.serve import serve_all

        serve_all(settings)


@app.command()
def dispose(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
    by: Annotated[str, typer.Option("--by", help="On whose say: a name or post.")] = (
        "the retention schedule"
    ),
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Remove the originals and the rows about people whose retention is over."""
    from flows.returns.contract import read_contracts
    from flows.warehouse.retention import dispose as dispose_of

    settings = settings_of(home)
    due = dispose_of(settings, read_contracts(settings.contracts), by, dry_run)
    columns = ["what", "return", "sender", "period", "rows", "due_since", "authority"]
    show([one.as_row() for one in due], as_json, columns)


@app.command()
def backup(
    to: Annotated[Path, typer.Option("--to", help="FILE.tar, apart from the home.")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Keep a copy of the warehouse, the archive, the answers, the releases and the audit's files.

    The key is not in it, nor what waits in the inbox, nor what build makes anew.
    """
    from flows.warehouse.backup import as_row, back_up

    row = as_row(back_up(settings_of(home), to))
    show(row, as_json, list(row))
    if not as_json:
        print("The key is not in it: keep a copy of the key elsewhere.")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Make an empty home from a backup, every file compared with the backup's manifest."""
    from flows.warehouse.backup import as_row
    from flows.warehouse.backup import restore as put_back

    settings = settings_of(home)
    row = as_row(put_back(settings, source))
    show(row, as_json, list(row))
    if not as_json:
        print(f"Put the key back at {settings.key_path}; then run audit check, and build.")


@app.command()
def doctor(as_json: AsJson = False, home: Home = None) -> None:
    """Check versions, folders and declarations, and say how to mend what is wrong."""
    from flows.operations.doctor import examine

    rows = examine(settings_of(home))
    show(rows, as_json, ["what", "state", "found", "mend"])
    if any(row["state"] == "wrong" for row in rows):
        raise Answered(1)


@app.command()
def notify(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be told.")
    ] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Tell people, once, of rejected, held and late returns, blocked releases and failed runs."""
    from flows.operations.notify import tell

    done = tell(settings_of(home), dry_run=dry_run)
    if as_json:
        rows: list[dict[str, object]] = [
            {
                "channel": one.channel,
                "told": not (dry_run or one.fault or one.channel == "none set"),
                "news": [vars(piece) for piece in one.pieces],
                "fault": one.fault or None,
            }
            for one in done
        ]
        show(rows, True, [])
    else:
        for one in done:
            print(
                f"{one.channel}: {one.subject}\n\n{one.text}"
                if one.pieces
                else _nothing(one.channel)
            )
        if any(one.channel == "none set" for one in done):
            print("No channel is set: see SOCIAL_VALUE_SMTP_HOST, _EMAIL_TO and _WEBHOOK.")
    if faults := [one.fault for one in done if one.fault]:
        raise Answered(3, " ".join(faults))


def _nothing(channel: str) -> str:
    return f"{channel}: nothing new."
