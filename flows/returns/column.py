"""A column of a return: its type, its words, what becomes of it where it is personal."""

import csv
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from flows.common.declarations import Declared
from flows.returns.layout import plain

Type = Literal[
    "text", "code", "money", "date", "moment", "integer", "number", "boolean", "postcode", "month"
]
Words = dict[str, dict[str, list[str]]]  # texts by concept and value
Privacy = Literal["public", "private", "personal"]
How = Literal["keyed hash", "age band", "aged 18", "local authority", "deprivation decile"]


class Derived(Declared):
    """What stands in a personal column's place once the return has landed."""

    how: How
    at: str | None = Field(default=None, description="the date column that an age is reckoned on")

    @model_validator(mode="after")
    def _an_age_has_its_day(self) -> "Derived":
        if (self.how in ("age band", "aged 18")) != (self.at is not None):
            raise ValueError("an age, and only an age, names the day it is reckoned on")
        return self


class Column(Declared):
    """A column by its canonical name, and the words senders use for it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: Type
    meaning: str
    unit: str | None = None
    required: bool = False
    privacy: Privacy = "public"
    becomes: dict[str, Derived] = Field(
        default_factory=dict,
        description="for a personal column: the columns that are kept in its place; none: dropped",
    )
    free_text: bool = Field(
        default=False, description="narrative, from which e-mail addresses and numbers are taken"
    )
    if_unreadable: Literal["quarantine", "blank"] = "quarantine"
    one_of: dict[str, list[str]] | None = Field(
        default=None, description="the values allowed, each with the words that mean it"
    )
    offers: list[str] = Field(
        default_factory=list,
        description="of the values allowed those that templates and refusals name; none: all of"
        " them. The others are read where a sender writes them, and are not the sender's to say",
    )
    words_of: str | None = Field(
        default=None,
        description="the concept of the seed `standard_words` whose texts mean its values too",
    )
    listed_in: str | None = Field(
        default=None,
        description="the seed that lists its values in the first column, and says what they mean",
    )
    reads_framework_codes: bool = Field(
        default=False,
        description="for measures: whether another framework's code, by the seeds `framework_codes`"
        " and `measure_frameworks`, is read as the one measure that it names",
    )
    means_yes: list[str] = Field(
        default_factory=list, description="for a boolean: what means yes besides the word itself"
    )
    aliases: list[str] = Field(default_factory=list, description="best first")
    dug_from: str | None = Field(
        default=None, description="for a postcode: the column of addresses that it also stands in"
    )

    @model_validator(mode="after")
    def _what_goes_with_the_type(self) -> "Column":
        if self.dug_from is not None and self.type != "postcode":
            raise ValueError("only a postcode is dug out of another column")
        if self.means_yes and self.type != "boolean":
            raise ValueError("only a boolean has words that mean yes")
        if not set(self.offers) <= set(self.one_of or {}):
            raise ValueError("only values that are allowed are offered")
        return self

    @property
    def offered(self) -> list[str]:
        """The agreed values that a sender is asked to choose from; none where any text will do."""
        return self.offers or list(self.one_of or {})

    @model_validator(mode="after")
    def _only_the_personal_becomes(self) -> "Column":
        if self.becomes and self.privacy != "personal":
            raise ValueError("only a personal column becomes something else")
        if self.free_text and (self.type != "text" or self.one_of):
            raise ValueError("only a column of text without agreed values is free text")
        return self


def read_words(seeds: Path) -> Words:
    """The standard lists' texts: by concept and value."""
    words: Words = {}
    with (seeds / "standard_words.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            by_value = words.setdefault(row["concept"], {})
            by_value.setdefault(row["meaning"], []).append(row["word"])
    return words


def with_words(column: Column, words: Words) -> Column:
    """The column with the standard words of its values; its own say what a text means first."""
    standard = words.get(column.words_of or "")
    if standard is None or column.one_of is None:
        return column
    own = {plain(word) for value, named in column.one_of.items() for word in [value, *named]}
    one_of = {
        value: [*named, *(word for word in standard.get(value, []) if plain(word) not in own)]
        for value, named in column.one_of.items()
    }
    return column.model_copy(update={"one_of": one_of})
