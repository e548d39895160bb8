"""What every word of the command shares: options, settings, the way it prints, and its answer."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.common.settings import Settings, settings_for

DEBUG = "SOCIAL_VALUE_DEBUG"
Home = Annotated[Path | None, typer.Option("--home", help="Where all state lives.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
By = Annotated[str, typer.Option("--by", help="Who says so: a name or post.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="What was known then: 2022-07-31 (its end) or a moment."),
]
Because = Annotated[str, typer.Option("--because", help="Why.")]


class Answered(Exception):
    """The command has an answer that is not success: what to print, and the exit status."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status


def settings_of(home: Path | None) -> Settings:
    """The settings, with the home also where a process that we start will look for it."""
    settings = settings_for(home)
    os.environ["SOCIAL_VALUE_HOME"] = str(settings.home)
    return settings


def moment_of(as_of: str | None) -> datetime | None:
    """The moment that --as-of names, if it is given. Raises ClockError."""
    if as_of is None:
        return None
    from flows.modelling.as_of import read_as_of

    return read_as_of(as_of)


def before_prefect(home: Path | None, *, talkative: bool = False) -> Settings:
    """The settings, with Prefect told to stay at home: before it is imported."""
    settings = settings_of(home)
    from flows.operations.prefect_settings import prepare

    prepare(settings, talkative=talkative or DEBUG in os.environ)
    return settings


@contextmanager
def with_prefect(home: Path | None) -> Iterator[Settings]:
    """The settings, for flows that live and die with the command."""
    settings = before_prefect(home)
    from flows.operations.prefect_settings import without_heartbeats

    with without_heartbeats():
        yield settings


def show(
    found: list[dict[str, object]] | dict[str, object], as_json: bool, columns: list[str]
) -> None:
    """Print rows as a table of `columns`, or as one JSON document."""
    if as_json:
        print(json.dumps(found, indent=2, default=str))
        return
    rows = found if isinstance(found, list) else [found]
    from flows.commands.tables import print_rows

    print_rows(rows, columns)
