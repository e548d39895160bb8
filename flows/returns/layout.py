"""A body's own way of sending a return, and how its headers are compared."""

import re
from datetime import date
from functools import cache

from pydantic import Field, model_validator

from flows.common.declarations import Declared


class Packed(Declared):
    """Several records in one cell, written `[part|part|...][part|part|...]`: a row each."""

    column: str = Field(description="the canonical column whose cells are packed")
    parts: list[str] = Field(
        min_length=2,
        description="canonical columns in their order; `kind` and `number` of a number",
    )
    loose: str = Field(description="the part that may hold the dividing mark itself")
    numbers: dict[str, str] = Field(
        default_factory=dict, description="the kind of a number: the canonical column it goes to"
    )
    once: list[str] = Field(
        default_factory=list, description="columns that stand on the first of the rows alone"
    )

    @property
    def columns(self) -> list[str]:
        """The canonical columns that are filled from the parts."""
        plain_parts = [part for part in self.parts if part not in ("kind", "number")]
        return [*plain_parts, *self.numbers.values()]

    @model_validator(mode="after")
    def _parts_agree(self) -> "Packed":
        if self.loose not in self.parts:
            raise ValueError(f"no part is called {self.loose}")
        if bool(self.numbers) != {"kind", "number"}.issubset(self.parts):
            raise ValueError("`numbers` goes with the parts `kind` and `number`")
        return self


class Layout(Declared):
    """A body's own way of sending the return, or another version of a template."""

    name: str
    senders: list[str] = Field(default_factory=list, description="empty: any sender")
    valid_from: date | None = None
    valid_to: date | None = None
    columns: dict[str, str] = Field(description="canonical name: the header in the file")
    lacks: list[str] = Field(
        default_factory=list,
        description="columns that the body does not send, whatever it calls one",
    )
    takes: dict[str, str] = Field(
        default_factory=dict,
        description="canonical name: the pattern of what is taken from its cells, where several "
        "columns stand in one",
    )
    packed: Packed | None = None

    @property
    def named(self) -> set[str]:
        """The canonical columns it speaks of."""
        packed = [*self.packed.columns, *self.packed.once] if self.packed else []
        return {*self.columns, *self.lacks, *self.takes, *packed}


class Layouts(Declared):
    """The layouts of bodies whose headings are public knowledge, apart from a contract's words."""

    layouts: list[Layout]


def plain(header: str) -> str:
    """A header without case, spaces and punctuation, as headers are compared.

    A header that is nothing else, such as a lone pound sign, stays as it is.
    """
    letters = re.sub(r"[^a-z0-9]", "", header.lower().replace("&", "and"))
    return letters or header.strip()


@cache
def plain_word(word: str) -> str:
    """A word that is declared, plain: there are few, and each row of a head is held against all."""
    return plain(word)
