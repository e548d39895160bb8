"""Words for those who publish: publish, run."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import Answered, AsJson, AsOf, Home, moment_of, with_prefect
from flows.common.periods import Period, read_quarter, read_year

if TYPE_CHECKING:
    from exports.release.publish import Override, Release

app = typer.Typer()

InSpiteOf = Annotated[
    list[str] | None,
    typer.Option("--override", help="What to publish in spite of; with --by and --because."),
]
Overrider = Annotated[str | None, typer.Option("--by", help="Who overrides.")]
Reason = Annotated[str | None, typer.Option("--because", help="Why.")]

publish_app = typer.Typer(help="Publish a release.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(publish_app, name="publish")


@publish_app.command("quarterly")
def publish_quarterly(
    period: Annotated[str, typer.Argument(help="For example 2022-23 Q1.")],
    override: InSpiteOf = None,
    by: Overrider = None,
    because: Reason = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Publish the quarterly report of a quarter."""
    overrides, moment = _asked(read_quarter, period, override, by, because, as_of)
    with with_prefect(home) as settings:
        from flows.operations.publish import publish_quarterly as flow

        release = flow(period, settings.home, overrides, moment)
    print_release(release, as_json)


@publish_app.command("annual")
def publish_annual(
    year: Annotated[str, typer.Argument(help="For example 2022-23.")],
    override: InSpiteOf = None,
    by: Overrider = None,
    because: Reason = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Publish the Annual Review of a financial year."""
    overrides, moment = _asked(read_year, year, override, by, because, as_of)
    with with_prefect(home) as settings:
        from flows.operations.publish import publish_annual as flow

        release = flow(year, settings.home, overrides, moment)
    print_release(release, as_json)


def _asked(
    read: Callable[[str], Period],
    period: str,
    override: list[str] | None,
    by: str | None,
    because: str | None,
    as_of: str | None,
) -> "tuple[list[Override], datetime | None]":
    """What a publication is asked with, looked at before a server is started for it."""
    from flows.commands.arguments import overrides_from

    overrides = overrides_from(override or [], by, because)
    read(period)
    return overrides, moment_of(as_of)


@app.command("run")
def run(
    period: Annotated[str, typer.Argument(help="For example 2022-23 Q1.")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """The whole road: take in what waits, build, publish the quarter."""
    read_quarter(period)
    with with_prefect(home) as settings:
        from flows.operations.publish import run_period

        done, release = run_period(period, settings.home)
    print_release(release, as_json)
    if any(one.outcome == "rejected" for one in done):
        raise Answered(1)


def print_release(release: "Release", as_json: bool) -> None:
    """Print what a release holds, and its warnings."""
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
