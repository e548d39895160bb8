"""Verbs for an authority's own folder: init, check."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import BadWords
from flows.commands.verb import Answer, print_rows, verb
from flows.common.settings import Settings

app = typer.Typer()
ASKED = {
    "id": "A short name of small letters, which a home is bound to",
    "name": "The authority's name, as it stands on what it publishes",
    "contact": "Whom readers may ask: a person, a team or a post",
    "email": "Their e-mail address",
    "region": "Its whole area, as CODE=NAME with the code of the ONS",
    "first_period": "The first month that returns are owed for, as 2026-04",
}


@verb(app)
def init(
    settings: Settings,
    folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.")],
    id: Annotated[str, typer.Option("--id", help=ASKED["id"])] = "",
    name: Annotated[str, typer.Option("--name", help=ASKED["name"])] = "",
    short_name: Annotated[str, typer.Option("--short-name", help="As sentences call it.")] = "",
    contact: Annotated[str, typer.Option("--contact", help=ASKED["contact"])] = "",
    email: Annotated[str, typer.Option("--email", help=ASKED["email"])] = "",
    region: Annotated[str, typer.Option("--region", help=ASKED["region"])] = "",
    region_called: Annotated[
        str, typer.Option("--region-called", help="As sentences call it: the three valleys.")
    ] = "",
    district: Annotated[
        list[str] | None, typer.Option("--district", help="CODE=NAME, once for each.")
    ] = None,
    first_period: Annotated[str, typer.Option("--first-period", help=ASKED["first_period"])] = "",
) -> Answer:
    """Make the folder of an authority of one's own; a terminal is asked what is not said."""
    from flows.operations.new_authority import NewAuthority, make_folder

    said = {
        "id": id,
        "name": name,
        "contact": contact,
        "email": email,
        "region": region,
        "first_period": first_period,
    }
    told = {word: text or _ask(word) for word, text in said.items()}
    whole = _place(told["region"])
    new = NewAuthority(
        id=told["id"],
        name=told["name"],
        short_name=short_name or told["name"],
        contact=told["contact"],
        email=told["email"],
        region=whole,
        region_called=region_called or whole.name,
        districts=[_place(one) for one in district or []],
        first_period=told["first_period"],
    )
    made = make_folder(folder.expanduser(), new)
    return Answer([{"file": str(path)} for path in made])


def _ask(word: str) -> str:
    """What a terminal answers. Raises BadWords where nobody can be asked."""
    if not sys.stdin.isatty():
        raise BadWords(f"init needs --{word.replace('_', '-')}: {ASKED[word]}.")
    return str(typer.prompt(ASKED[word])).strip()


def _place(told: str) -> Any:
    from flows.operations.new_authority import Place

    code, _, name = told.partition("=")
    if not (code.strip() and name.strip()):
        raise BadWords(f"{told!r} is no area: write CODE=NAME, for example E06000001=Northmoor.")
    return Place(code.strip(), name.strip())


@verb(app)
def check(
    settings: Settings,
    folder: Annotated[
        Path | None, typer.Argument(help="An authority's folder; else that of the home.")
    ] = None,
) -> Answer:
    """Look an authority's folder over: every mistake at once, with its file, line and column."""
    from flows.common.binding import folder_of
    from flows.operations.check import check as look

    place = folder.expanduser().absolute() if folder else folder_of(settings)
    faults = [asdict(one) for one in look(place)]

    def text() -> None:
        if faults:
            print_rows(faults, ["file", "line", "column", "what"])
        else:
            print(f"Nothing is wrong with {place}.")

    return Answer(faults, text, 1 if faults else 0)
