"""What a run leaves behind in Prefect: artifacts on its page, and a line of the log an event.

Neither quotes a cell, nor names a file, a sender or a part as a file's name has it: senders may
name files after people. A file is its id, which is a hash.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar, cast
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from exports.edition.clearance import ReleaseBlocked
from exports.release.publish import Release
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.modelling.build import Build
from flows.modelling.node import Node
from flows.warehouse.findings import failed_rules

One = TypeVar("One")
WORTH_SHOWING = 3  # fewer steps than that are over before anybody looks


def say(event: str, words: str, **about: object) -> None:
    """A line in the log of this run: what happened, and to which return or release."""
    get_run_logger().info(words, extra={"event": event, **about})


def show_came_in(done: Sequence[Ingested], settings: Settings) -> None:
    """What became of each file, by its return; and which rules failed, in which, how often."""
    create_table_artifact(
        key="what-came-in",
        table=[_came_in(one) for one in done],
        description="Each file of this run by its id; social-value status and findings say more.",
    )
    returns = [return_id for one in done for return_id in one.returns]
    create_table_artifact(
        key="what-failed",
        table=failed_rules(settings, returns),
        description="Each rule that failed; social-value answer gives the cells to the sender.",
    )


def _came_in(one: Ingested) -> dict[str, object]:
    counts = one.counts
    return {
        "return": one.return_name,
        "id": one.filing,
        "period": one.period,
        "outcome": one.outcome,
        "read": counts.read,
        "loaded": counts.loaded,
        "quarantined": counts.quarantined,
        "dropped": counts.dropped,
    }


def say_taken_in(one: Ingested) -> None:
    """A line about a file that was taken in, or not."""
    say(
        "taken in",
        f"{one.outcome}: {one.counts.loaded} of {one.counts.read} rows are loaded.",
        **{"return": one.returns[0] if one.returns else one.return_name},
        period=one.period or None,
        outcome=one.outcome,
        rows=one.counts.loaded,
    )


def show_nodes(nodes: Sequence[Node], description: str) -> None:
    """Each model, seed and test of a build, and what it came to."""
    create_table_artifact(
        key="what-was-modelled",
        table=[
            {"node": node.name, "kind": node.kind, "status": node.status, "seconds": node.seconds}
            for node in nodes
        ],
        description=description,
    )


def show_build(built: Build) -> None:
    """The nodes of a build that is handed over."""
    show_nodes(built.nodes, f"Each model and test of the build as of {built.as_of.isoformat()}.")
    say("built", f"{len(built.nodes)} models, seeds and tests are well.", rows=len(built.nodes))


def show_release(done: Release, description: str) -> None:
    """The release, a link to its pages, and its files."""
    listed = "\n".join(f"- `{name}`" for name in sorted(done.files))
    state = "published" if done.changed else "unchanged since it was published"
    create_link_artifact(
        key="release-pages",
        link=(done.path / "site" / "index.html").as_uri(),
        link_text=done.name,
        description=description,
    )
    create_markdown_artifact(
        key="release",
        markdown=f"**{done.name}** {state}: `{done.path}`\n\n{listed}\n",
        description=description,
    )
    say("published", f"{done.name} is {state}.", release=done.name)


def show_blocked(error: ReleaseBlocked, description: str) -> None:
    """What stands in a release's way."""
    create_table_artifact(
        key="what-blocks",
        table=[{"kind": b.kind, "what": b.what, "detail": b.detail} for b in error.reasons],
        description=description,
    )


def with_progress(key: str, steps: Iterable[One], of: int, description: str) -> Iterator[One]:
    """The steps as they are taken, with how many are done shown as they go."""
    shown = _progress(key, description) if of >= WORTH_SHOWING else None
    for number, step in enumerate(steps, start=1):
        yield step
        if shown is not None:
            update_progress_artifact(shown, 100 * number / of)


def _progress(key: str, description: str) -> UUID:
    return cast(UUID, create_progress_artifact(0.0, key=key, description=description))
