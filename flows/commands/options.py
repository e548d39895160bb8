"""What every word of the command shares: options, settings, the way it prints, and its answer."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from flows.common.errors import SocialValueError
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


class Answered(SocialValueError):
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
    from flows.commands.options import print_rows

    print_rows(rows, columns)


PIPED_WIDTH = 160  # how wide a table is where nobody looks at a terminal


def print_rows(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Print the rows as a table of those columns; one row stands as a list of name and value."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPED_WIDTH)
    if not rows:
        console.print("None.")
        return
    if len(rows) == 1:
        width = max(len(name) for name in columns)
        for name in columns:
            console.print(
                f"{name.replace('_', ' '):<{width}}  {_shown(rows[0].get(name))}",
                markup=False,
                soft_wrap=True,
            )
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        numbers = all(isinstance(row.get(name), int | None) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(_shown(row.get(name)) for name in columns))
    console.print(table, markup=False)


def _shown(value: object) -> str:
    return "" if value is None else str(value)
