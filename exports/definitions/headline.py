"""The headline that an authority writes for one release in the place of the rule's.

Its numbers are cells of the release, named as `words.csv` names them:
`{indicators.value[indicator_id=C01, basis=all]}`. A typed number is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, field_validator

from exports.definitions.narrative import refuse_numbers
from flows.common.declarations import Declared, read_declared
from flows.common.periods import Period

CALLED = re.compile(r"^headline_(quarterly_\d{4}-\d{2}-Q[1-4]|annual_\d{4}-\d{2})\.yaml$")
_REFERENCE = re.compile(r"\{([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\[([^\]{}]*)\]\}")
_BETWEEN = re.compile(r",(?=\s*[a-z][a-z0-9_]*\s*=)")
_PAIR = re.compile(r"^\s*([a-z][a-z0-9_]*)\s*=\s*(.*?)\s*$")


@dataclass(frozen=True)
class CellReference:
    """A cell: the row of a table where these columns have these texts, and a column."""

    table: str
    column: str
    row: dict[str, str]


class OwnHeadline(Declared):
    """What the authority says in the place of the rule."""

    headline: str = Field(min_length=1, description="one sentence; its numbers name cells")
    by: str = Field(min_length=1, description="who says so: a name or post, which is published")

    @field_validator("headline")
    @classmethod
    def _numbers_are_cells(cls, text: str) -> str:
        words = "".join(part for part in parts_of(text) if isinstance(part, str))
        if braces := re.search(r"[{}]\S*", words):
            raise ValueError(
                f"{braces[0]!r} names no cell: write {{table.column[key column=text, ...]}}"
            )
        refuse_numbers(words)
        return text


def parts_of(text: str) -> Iterator[str | CellReference]:
    """The words of a headline and the cells between them. Raises ValueError."""
    end = 0
    for found in _REFERENCE.finditer(text):
        yield text[end : found.start()]
        pairs = [_PAIR.match(one) for one in _BETWEEN.split(found[3])]
        if not all(pairs):
            raise ValueError(f"{found[0]!r} names no row: write [key column=text, ...]")
        yield CellReference(found[1], found[2], {one[1]: one[2] for one in pairs if one})
        end = found.end()
    yield text[end:]


def name_of_headline(publication: str, period: Period) -> str:
    """What the file of the release's own headline is called."""
    return f"headline_{publication}_{period.slug}.yaml"


def read_own_headline(folder: Path, publication: str, period: Period) -> OwnHeadline | None:
    """The headline that the authority wrote for the release, if any. Raises DeclarationError."""
    path = folder / name_of_headline(publication, period)
    return read_declared(path, OwnHeadline) if path.is_file() else None
