"""Verbs for an authority's own folder: init, new, check."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from flows.commands.options import BadWords
from flows.commands.verb import Answer, print_rows, verb
from flows.common.periods import Kind
from flows.common.settings import Settings

if TYPE_CHECKING:
    from flows.operations.new.written import Begun

app = typer.Typer()
new_app = typer.Typer(
    no_args_is_help=True, help="Begin a return, an indicator or a table of one's own."
)
app.add_typer(new_app, name="new")
Folder = Annotated[
    Path | None,
    typer.Option("--authority", help="The authority's folder; else that of the home."),
]
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
    from flows.operations.new.authority import NewAuthority, make_folder

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
    from flows.operations.new.authority import Place

    code, _, name = told.partition("=")
    if not (code.strip() and name.strip()):
        raise BadWords(f"{told!r} is no area: write CODE=NAME, for example E06000001=Northmoor.")
    return Place(code.strip(), name.strip())


@verb(new_app, "return")
def new_return(
    settings: Settings,
    name: Annotated[str, typer.Argument(help="What it is called, or one that ships.")],
    from_file: Annotated[
        Path | None, typer.Option("--from", help="A file whose headings are its columns.")
    ] = None,
    every: Annotated[
        str, typer.Option("--every", help="month, quarter, half or year: what one is for.")
    ] = "quarter",
    sender: Annotated[str, typer.Option("--sender", help="Who sends it; else the employer.")] = "",
    authority: Folder = None,
) -> Answer:
    """Write a contract and a suite to edit; of a return that ships, its layout from a file."""
    from flows.operations.new.a_return import new_return as begin

    kind = {one: one for one in get_args(Kind)}.get(every)
    if kind is None:
        raise BadWords(f"--every {every} is none of {', '.join(get_args(Kind))}.")
    return _begun(begin(_folder(settings, authority), name, settings, from_file, kind, sender))


@verb(new_app, "indicator")
def new_indicator(
    settings: Settings,
    name: Annotated[str, typer.Argument(help="What its file is called.")],
    of: Annotated[str, typer.Option("--of", help="The return that it is over.")],
    number: Annotated[str, typer.Option("--number", help="Its number; else the next free.")] = "",
    authority: Folder = None,
) -> Answer:
    """Write the declaration of an indicator over a return, to be edited."""
    from flows.operations.new.indicator import new_indicator as begin

    return _begun(begin(_folder(settings, authority), name, of, number))


@verb(new_app, "table")
def new_table(
    settings: Settings,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    of: Annotated[str, typer.Option("--of", help="The number of the indicator: V01.")],
    authority: Folder = None,
) -> Answer:
    """Write a table of an indicator's figures, to be edited."""
    from flows.operations.new.table import new_table as begin

    return _begun(begin(_folder(settings, authority), name, of))


def _folder(settings: Settings, named: Path | None) -> Path:
    from flows.authority.binding import folder_of
    from flows.authority.declaration import FILE
    from flows.common.errors import InputError

    place = named.expanduser().absolute() if named else folder_of(settings)
    if not (place / FILE).is_file():
        raise InputError(f"{place} has no {FILE}: social-value init makes an authority's folder.")
    return place


def _begun(begun: "Begun") -> Answer:
    def text() -> None:
        for path in begun.files:
            print(f"Wrote {path}.")
        for step in begun.next:
            print(step)

    files = [str(path) for path in begun.files]
    return Answer({"files": files, "next": list(begun.next)}, text)


@verb(app)
def check(
    settings: Settings,
    folder: Annotated[
        Path | None, typer.Argument(help="An authority's folder; else that of the home.")
    ] = None,
) -> Answer:
    """Look an authority's folder over: every mistake at once, with its file, line and column."""
    from flows.operations.setup.check import check as look

    place = _folder(settings, folder)
    faults = [asdict(one) for one in look(place)]

    def text() -> None:
        if faults:
            print_rows(faults, ["file", "line", "column", "what"])
        else:
            print(f"Nothing is wrong with {place}.")

    return Answer(faults, text, 1 if faults else 0)
