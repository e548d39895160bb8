"""Words for those who are told what goes wrong: notify."""

from typing import Annotated

import typer

from flows.commands.options import Answered, AsJson, Home, settings_of, show

app = typer.Typer()


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
