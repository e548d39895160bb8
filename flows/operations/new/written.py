"""What `new` writes into an authority's folder, never over what lies there, and what it says.

Nothing is written that cannot be read: each file is parsed first.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.authority.overlay import Rows, read_rows
from flows.common.declarations import Declared, parse_declared
from flows.common.errors import InputError
from flows.common.files import slug


@dataclass(frozen=True)
class Begun:
    """The files that were written, and what their author does next, a sentence each."""

    files: Sequence[Path]
    next: Sequence[str]


def write_new(folder: Path, texts: Mapping[str, tuple[str, type[Declared] | None]]) -> list[Path]:
    """Write files, each a text of that model, where it has one.

    Raises InputError where one lies there already.
    """
    if there := [path for path in texts if (folder / path).exists()]:
        raise InputError(f"{folder} has {' and '.join(there)} already: nothing was written.")
    for path, (text, model) in texts.items():
        if model is not None:
            parse_declared(text, path, model)
    for path, (text, _) in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return [folder / path for path in texts]


def name_of(heading: str) -> str:
    """A name of small letters for what is called so. Raises InputError where nothing is left."""
    name = slug(heading).replace("-", "_")
    if not name:
        raise InputError(f"{heading!r} has no letter of a to z: give another name.")
    return name if name[0].isalpha() else f"n_{name}"


def checked(name: str) -> str:
    """The name, as files and tables may be called. Raises InputError."""
    if not re.fullmatch(r"[a-z][a-z_]*", name):
        raise InputError(f"{name!r} is no name: write small letters and _, for example fleet_fuel.")
    return name


def quoted(text: str) -> str:
    """A text as YAML holds it, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def own_rows(folder: Path, seed: str) -> Rows:
    """The authority's own rows of a seed; none where it has none."""
    path = folder / "seeds" / f"{seed}.csv"
    return read_rows(str(path), path.read_bytes())[1] if path.is_file() else []
