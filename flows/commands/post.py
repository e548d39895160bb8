"""The verb for the post: collect."""

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
) -> Answer:
    """Fetch what lies at the sources of the authority's sources.yaml into the inbox."""
    from flows.post.collect import collect as collect_from

    done = collect_from(settings, source)
    rows: list[dict[str, object]] = [
        {
            "source": one.source,
            "collected": one.collected,
            "known": one.known,
            "waiting": one.waiting,
            "left_alone": one.left_alone,
            "set_aside": [{"path": path, "why": why} for path, why in one.aside],
            "fault": one.fault or None,
        }
        for one in done
    ]

    def text() -> None:
        counted = zip(rows, done, strict=True)
        print_rows([{**row, "set_aside": len(one.aside)} for row, one in counted])
        for one in done:
            for path, why in one.aside:
                print(printable(f"{one.source}, {path}, was set aside: {why}"))
        if not done:
            print("The authority's folder has no sources.yaml, or it names no source.")

    faults = " ".join(one.fault for one in done if one.fault)
    return Answer(rows, text, 3 if faults else 0, faults)
