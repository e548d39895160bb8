"""Verbs for those who publish: publish, run."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import AsOf, moment_of
from flows.commands.running import OnRecord, published, whole_road
from flows.commands.verb import Answer, verb
from flows.common.periods import read_quarter, read_year
from flows.common.settings import Settings

if TYPE_CHECKING:
    from exports.release.publish import Release

app = typer.Typer()
publish_app = typer.Typer(help="Publish a release.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(publish_app, name="publish")

InSpiteOf = Annotated[
    list[str] | None,
    typer.Option("--override", help="What to publish in spite of; with --by and --because."),
]
Overrider = Annotated[str | None, typer.Option("--by", help="Who overrides.")]
Reason = Annotated[str | None, typer.Option("--because", help="Why.")]
Quarter = Annotated[str, typer.Argument(help="For example 2022-23 Q1.")]
Year = Annotated[str, typer.Argument(help="For example 2022-23.")]


@verb(publish_app, "quarterly")
def quarterly(
    settings: Settings,
    period: Quarter,
    override: InSpiteOf = None,
    by: Overrider = None,
    because: Reason = None,
    as_of: AsOf = None,
    on_record: OnRecord = False,
) -> Answer:
    """Publish the quarterly report of a quarter."""
    return _publish("quarterly", settings, period, override, by, because, as_of, on_record)


@verb(publish_app, "annual")
def annual(
    settings: Settings,
    year: Year,
    override: InSpiteOf = None,
    by: Overrider = None,
    because: Reason = None,
    as_of: AsOf = None,
    on_record: OnRecord = False,
) -> Answer:
    """Publish the Annual Review of a financial year."""
    return _publish("annual", settings, year, override, by, because, as_of, on_record)


def _publish(
    publication: str,
    settings: Settings,
    label: str,
    blocks: list[str] | None,
    by: str | None,
    because: str | None,
    as_of: str | None,
    on_record: bool,
) -> Answer:
    """Publish; what is asked is looked at before anything is started for it."""
    from flows.commands.arguments import overrides_from

    overrides = overrides_from(blocks or [], by, because)
    (read_quarter if publication == "quarterly" else read_year)(label)
    moment = moment_of(as_of)
    release = published(settings, publication, label, overrides, moment, on_record)
    return _released(settings, release)


@verb(app)
def run(settings: Settings, period: Quarter, on_record: OnRecord = False) -> Answer:
    """The whole road: take in what waits, build, publish the quarter."""
    read_quarter(period)
    received, release = whole_road(settings, period, on_record)
    return _released(
        settings, release, status=1 if any(one.outcome == "rejected" for one in received) else 0
    )


def _released(settings: Settings, release: "Release", status: int = 0) -> Answer:
    """What a release holds, its warnings, and the ledger's head, for somebody apart to keep."""
    from flows.warehouse.releases import anchor_of

    anchor = anchor_of(settings)
    row = {
        "release": release.name,
        "path": str(release.path),
        "revision": release.revision,
        "files": release.files,
        "warnings": release.warnings,
        "ledger_head": anchor.head,
        "ledger_events": anchor.event,
    }

    def text() -> None:
        word = "Published" if release.changed else "Nothing has changed since"
        print(f"{word} {release.name}: {release.path}")
        for name in sorted(release.files):
            print(f"  {name}")
        for warning in release.warnings:
            print(f"Please note: {warning}")
        print(f"The ledger's head: {anchor}")

    return Answer(row, text, status)
