"""A verb of the command: its settings, its answer as a table or as JSON, and its exit status."""

import functools
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from flows.commands.options import Answered, AsJson, Home, settings_of
from flows.common.terminal import printable
from flows.warehouse.connection import Row

Rows = Row | list[Row]
WIDEST = 100_000


@dataclass(frozen=True)
class Answer:
    """What a verb answers beyond rows.

    `found`: the JSON document, or what makes it where a reader sees something else. `text`: prints
    what a reader sees instead of the rows. `status`: the exit status; `fault`: the sentence that
    goes to standard error with it.
    """

    found: object
    text: Callable[[], None] | None = None
    status: int = 0
    fault: str = ""


def verb(
    app: typer.Typer, name: str | None = None, columns: Sequence[str] = ()
) -> Callable[[Callable[..., Rows | Answer]], Callable[..., None]]:
    """Make a function a verb of `app`: it takes the settings and its own words, and answers.

    `--home` and `--json` are added to its words. Rows are printed as a table of `columns`, or of
    all that the first row has.
    """

    def decorate(function: Callable[..., Rows | Answer]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(*, as_json: bool, home: Any, **words: Any) -> None:
            found = function(settings_of(home), **words)
            answer = found if isinstance(found, Answer) else Answer(found)
            if as_json:
                document = answer.found() if callable(answer.found) else answer.found
                print(json.dumps(document, indent=2, default=str))
            elif answer.text is not None:
                answer.text()
            else:
                print_rows(answer.found, columns)
            if answer.status:
                raise Answered(answer.status, answer.fault)

        _, *own = inspect.signature(function).parameters.values()
        shared = [_option("as_json", AsJson, False), _option("home", Home, None)]
        words = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in [*own, *shared]]
        run.__signature__ = inspect.Signature(words)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in words}
        app.command(name)(run)
        return run

    return decorate


def _option(name: str, kind: Any, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def print_rows(found: Any, columns: Sequence[str] = ()) -> None:
    """Print rows as a table of those columns; one row stands as a list of name and value."""
    rows: list[Mapping[str, object]] = found if isinstance(found, list) else [found]
    columns = columns or (list(rows[0]) if rows else ())
    console = Console(highlight=False)
    if not rows:
        console.print("None.")
        return
    if len(rows) == 1:
        width = max(len(name) for name in columns)
        for name in columns:
            line = f"{name.replace('_', ' '):<{width}}  {_text(rows[0].get(name))}"
            console.print(line, markup=False, soft_wrap=True)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        numbers = all(isinstance(row.get(name), int | None) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(_text(row.get(name)) for name in columns))
    if not console.is_terminal:  # what another program reads is neither cut nor broken
        console.width = console.measure(table, options=console.options.update(width=WIDEST)).maximum
    console.print(table, markup=False)


def _text(value: object) -> str:
    return "" if value is None else printable(value)
