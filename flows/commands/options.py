"""What the verbs of the command share: their options, and the settings behind them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.common.errors import InputError, SocialValueError
from flows.common.settings import Settings, settings_for

DEBUG = "SOCIAL_VALUE_DEBUG"
DECISIONS = {"confirm": "A confirmation", "accept": "An acceptance", "override": "An override"}


class BadWords(InputError):
    """The command line cannot be followed as it stands."""


class Answered(SocialValueError):
    """The command has an answer that is not success: what to print, and the exit status."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status


def _by_name(context: typer.Context, text: str) -> str:
    """Who decides, or why, without blanks around. Raises BadWords where nothing is left."""
    if not text.strip():
        raise BadWords(
            f"{DECISIONS[str(context.info_name)]} needs --by NAME and --because WHY: both are "
            "kept for ever."
        )
    return text.strip()


Home = Annotated[Path | None, typer.Option("--home", help="Where all state lives.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
By = Annotated[str, typer.Option("--by", callback=_by_name, help="Who says so: a name or post.")]
Because = Annotated[str, typer.Option("--because", callback=_by_name, help="Why.")]
OfSender = Annotated[str | None, typer.Option("--sender", help="Only this sender's.")]
OfReturn = Annotated[str | None, typer.Option("--return", help="Only of this return.")]
OfPeriod = Annotated[
    str | None, typer.Option("--period", help="Only of this period, and of what lies in it.")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="What was known then: 2022-07-31 (its end) or a moment."),
]


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


def before_prefect(home: Path | None, *, talkative: bool = False, serves: bool = False) -> Settings:
    """The settings, with Prefect told to stay at home: before it is imported."""
    settings = settings_of(home)
    from flows.operations.server.prefect_settings import prepare

    prepare(settings, talkative=talkative or DEBUG in os.environ, serves=serves)
    return settings


@contextmanager
def with_prefect(home: Path | None) -> Iterator[Settings]:
    """The settings, for flows that live and die with the command."""
    settings = before_prefect(home)
    from flows.operations.server.prefect_settings import without_heartbeats

    with without_heartbeats():
        yield settings
