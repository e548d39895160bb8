"""`home.toml`: the authority that a home belongs to, so that the home alone says whose it is."""

import importlib.metadata
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from flows.authority.declaration import read_authority
from flows.common.declarations import DeclarationError
from flows.common.files import written_whole
from flows.common.settings import PACKAGE, PROJECT, Settings

FILE = "home.toml"


class NoAuthority(DeclarationError):
    """A home of nobody's, and nobody named whose it is to be."""

    exit_status: ClassVar[int] = 2  # what was asked lacks a word: nothing is wrong with a file
    notice = "the home belongs to no authority yet: social-value doctor says what to do."


class NotMigrated(DeclarationError):
    """A home from before homes noted whose they are."""

    notice = "the home was made by an earlier version: run social-value migrate."


@dataclass(frozen=True)
class Binding:
    """Whose a home is, where that authority's folder lies, and which software made it."""

    authority: str
    folder: Path
    software: str


def read_binding(home: Path) -> Binding | None:
    """What the home is bound to; None if it is a new one. Raises DeclarationError."""
    path = home / FILE
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        # A relative one ships with the software, wherever that is installed.
        return Binding(told["authority"], PROJECT / told["folder"], told["software"])
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DeclarationError(f"{path} cannot be read: {error}.") from None


def folder_of(settings: Settings) -> Path:
    """The folder of the authority that the home belongs to, or is to belong to.

    Raises DeclarationError where there is none, or where it is another than the home's.
    """
    asked = settings.authority.expanduser().absolute() if settings.authority else None
    bound = read_binding(settings.home)
    if bound is None:
        if settings.warehouse.exists():
            raise NotMigrated(
                f"{settings.home} was made by an earlier version, which did not note whose it is:"
                " run social-value migrate."
            )
        return folder_for_new(settings)
    if not bound.folder.is_dir():  # it was moved, or the home was restored on another machine
        if asked is not None and read_authority(asked).id == bound.authority:
            return asked
        raise DeclarationError(
            f"{settings.home} belongs to {bound.authority}, whose folder {bound.folder} is not"
            " there: put it back, or let SOCIAL_VALUE_AUTHORITY name where it lies now."
        )
    if asked is not None and asked.resolve() != bound.folder.resolve():
        raise DeclarationError(
            f"{settings.home} belongs to {bound.authority} ({bound.folder}), and"
            f" SOCIAL_VALUE_AUTHORITY names {asked}: give that one a home of its own."
        )
    found = read_authority(bound.folder).id
    if found != bound.authority:
        raise DeclarationError(
            f"{settings.home} belongs to {bound.authority}, and {bound.folder} is now the folder of"
            f" {found}: give that one a home of its own."
        )
    return bound.folder


def folder_for_new(settings: Settings) -> Path:
    """The folder that a home is to be bound to. Raises NoAuthority where nobody names one."""
    if settings.authority is None:
        raise NoAuthority(
            f"{settings.home} belongs to no authority yet: SOCIAL_VALUE_AUTHORITY names the"
            " folder of one, and social-value init makes such a folder."
        )
    return settings.authority.expanduser().absolute()


def bind(settings: Settings, *, earlier: bool = False) -> None:
    """Note whose a new home is; with `earlier`, one that has a warehouse. Raises DeclarationError.

    A home from before homes noted it is left to `migrate`.
    """
    path = settings.home / FILE
    if settings.definitions or path.exists() or (settings.warehouse.exists() and not earlier):
        return
    folder = folder_for_new(settings)
    told = {
        "authority": read_authority(folder).id,
        "folder": str(folder.relative_to(PROJECT) if folder.is_relative_to(PROJECT) else folder),
        "software": importlib.metadata.version(PACKAGE),
    }
    lines = (f"{name} = {json.dumps(text, ensure_ascii=False)}\n" for name, text in told.items())
    with written_whole(path, 0o644) as partial:
        partial.write_text("".join(lines), encoding="utf-8")
