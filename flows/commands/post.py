"""The verbs for the post: collect, and reply."""

from typing import Annotated

import typer

from flows.commands.verb import Answer, print_rows, verb
from flows.common.settings import Settings
from flows.common.terminal import printable

app = typer.Typer()


@verb(app)
def collect(
    settings: Settings,
    source: Annotated[str | None, typer.Option("--source", help="Only from this one.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Fetch nothing; say what would come.")
    ] = False,
) -> Answer:
    """Fetch what lies at the sources of the authority's sources.yaml into the inbox."""
    from flows.post.collect import collect as collect_from

    done = collect_from(settings, source, dry_run)
    rows: list[dict[str, object]] = [
        {
            "source": one.source,
            "collected": one.collected,
            "known": one.known,
            "waiting": one.waiting,
            "left_alone": one.left_alone,
            "set_aside": [{"path": path, "why": why} for path, why in one.aside],
            "fault": one.fault or None,
            "over": one.over,
        }
        for one in done
    ]

    def text() -> None:
        counted = zip(rows, done, strict=True)
        print_rows([{**row, "set_aside": len(one.aside), "over": None} for row, one in counted])
        for one in done:
            for why in one.over:
                print(printable(f"{one.source}: {why}"))
            for path, why in one.aside:
                print(printable(f"{one.source}, {path}, was set aside: {why}"))
        if not done:
            print("The authority's folder has no sources.yaml, or it names no source.")

    faults = " ".join(one.fault for one in done if one.fault)
    return Answer(rows, text, 3 if faults else 0, faults)


@verb(app)
def reply(
    settings: Settings,
    sender: Annotated[str | None, typer.Option("--sender", help="Only to this one.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Send nothing; say what would go.")
    ] = False,
) -> Answer:
    """Send senders their answers, the month's letter and their page, as sources.yaml says."""
    from flows.post.answers.send import send_answers

    done = send_answers(settings, sender, dry_run)
    rows: list[dict[str, object]] = [
        {
            "sender": one.sender,
            "by": one.source,
            "about": one.about,
            "subject": one.subject,
            "sent": not (dry_run or one.fault),
            "fault": one.fault or None,
        }
        for one in done
    ]

    def text() -> None:
        if rows:
            print_rows(rows, ["sender", "by", "subject", "sent", "fault"])
        else:
            print("There is nothing to send.")

    faults = " ".join(dict.fromkeys(one.fault for one in done if one.fault))
    return Answer(rows, text, 3 if faults else 0, faults)
