"""What a publication says in words: templates of sentences that name cells of its tables.

A number is never typed into a template: it comes from a cell, or the file is refused.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from flows.common.declarations import Declared, read_declared
from flows.common.seeds import read_seed

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
ALWAYS = frozenset(["period", "previous", "year_before"])
MISSING = "missing"  # in what is said otherwise: why there is no figure, by its cell's symbol
_NUMBER_WORDS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|"
    r"fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?|"
    r"twice|thrice|doubled?|halved?|half|third)\b",
    re.IGNORECASE,
)


class Condition(Declared):
    """What must be true of a cell's text or figure; all that is said must be."""

    one_of: list[str] = Field(default_factory=list, description="texts, of which it is one")
    none_of: list[str] = Field(default_factory=list, description="texts, of which it is none")
    positive: bool | None = Field(default=None, description="a figure, and above nought")
    given: bool | None = Field(default=None, description="a value, not a symbol")
    at_least: str | None = Field(
        default=None,
        description="a column of the row: both are shown, and it is at least what stands there; a"
        " percentage of people is worked out from the counts shown beside it",
    )
    at_most: str | None = Field(default=None, description="likewise")
    more_than: str | None = Field(default=None, description="likewise")
    less_than: str | None = Field(default=None, description="likewise")

    @property
    def columns(self) -> list[str]:
        """The other columns that it reads."""
        named = (self.at_least, self.at_most, self.more_than, self.less_than)
        return [name for name in named if name]


class NamedCell(Declared):
    """A cell of a table: the row where these columns have these texts, and a column."""

    table: str
    row: dict[str, str] = Field(
        min_length=1, description="in a sentence for each row also {column} of that row"
    )
    column: str
    or_in: list["NamedCell"] = Field(
        default_factory=list, description="where it has no value, the first of these that has one"
    )


class Compared(Declared):
    """Words that two cells decide between."""

    cell: str
    beside: str
    more: str
    less: str
    same: str


class SentenceRows(Declared):
    """Rows of a table, in the table's order."""

    table: str
    of: dict[str, str] = Field(
        default_factory=dict,
        description="what all rows are of, where the table has no such column: a chapter leaves"
        " them out where it is not theirs",
    )
    where: dict[str, Condition] = Field(default_factory=dict)
    together: list[str] = Field(
        default_factory=list,
        description="columns: rows alike in them make one sentence, with `items` for the rows",
    )
    at_most: int = Field(
        default=12, ge=1, description="further rows, or items, are left to the table"
    )


class Sentence(Declared):
    """A sentence of one's own, or one for each row of a table."""

    say: str
    for_each: SentenceRows | None = None
    item: str = Field(default="", description="of rows put together, what is said of each")
    inside: list[str] = Field(
        default_factory=list,
        description="columns of the row whose texts begin with a small letter here, as they stand"
        " within the sentence and are no names",
    )
    cells: dict[str, NamedCell] = Field(default_factory=dict)
    words: dict[str, Compared] = Field(default_factory=dict)
    when: dict[str, Condition] = Field(default_factory=dict, description="conditions by cell name")
    otherwise: str | None = Field(
        default=None,
        description="what is said where a cell has no value (`{missing}` says why) or `when` is not"
        " met",
    )

    @model_validator(mode="after")
    def _numbers_are_cells(self) -> "Sentence":
        texts = [self.say, self.item, self.otherwise or ""]
        texts += [word for one in self.words.values() for word in (one.more, one.less, one.same)]
        for text in texts:
            refuse_numbers(text)
        names = {*self.cells, *self.words, *ALWAYS}
        if not self.for_each:
            if unknown := sorted(set(PLACEHOLDER.findall(self.say)) - names):
                raise ValueError(f"no cell is called {', '.join(unknown)}")
            if self.cells and self.otherwise is None and not self.when:
                raise ValueError("say `otherwise`: a cell may have no value")
        if bool(self.item) != bool(self.for_each and self.for_each.together):
            raise ValueError("rows put `together` have an `item`, and only they have")
        if any(one.columns for one in self.when.values()):
            raise ValueError("`when` is of cells, which stand in no row: compare them in `words`")
        if lost := sorted(set(self.when) - set(self.cells)):
            raise ValueError(f"`when` names no cell: {', '.join(lost)}")
        for one in self.words.values():
            if {one.cell, one.beside} - set(self.cells):
                raise ValueError("`words` compares cells that are not named")
        return self


class Headline(Declared):
    """A figure shown large, with the words that say what it is."""

    cell: NamedCell
    label: str
    otherwise: str = Field(
        description="what is said where the cell has no value; `{missing}` says why"
    )

    @model_validator(mode="after")
    def _numbers_are_cells(self) -> "Headline":
        for text in (self.label, self.otherwise):
            refuse_numbers(text)
        return self


class Section(Declared):
    """A heading and what stands under it."""

    name: str = Field(pattern=r"^[a-z][a-z-]*$")
    title: str
    about: str = ""
    figures: list[Headline] = Field(default_factory=list)
    sentences: list[Sentence] = Field(default_factory=list)
    at_most: int | None = Field(
        default=None, ge=1, description="sentences; further ones are left to the chapters"
    )
    if_none: str = Field(description="what is said where no sentence is")

    @model_validator(mode="after")
    def _numbers_are_cells(self) -> "Section":
        for text in (self.title, self.about, self.if_none):
            refuse_numbers(text)
        return self


class News(Declared):
    """A figure that may be the headline, and has a card: a row of the lead's table."""

    row: dict[str, str] = Field(min_length=1)
    label: str = Field(description="what the figure is, after it: `of all spend stayed here`")
    better: str = Field(description="the headline where it got better")
    worse: str = Field(description="the headline where it got worse")

    @model_validator(mode="after")
    def _numbers_are_cells(self) -> "News":
        for text in (self.label, self.better, self.worse):
            refuse_numbers(text)
        return self


class Lead(Declared):
    """What a publication opens with: a headline that a rule chooses, and a card for each figure."""

    table: str
    value: str
    before: str = Field(description="the column with the value of the period before")
    target: str
    verdict: str = Field(description="the column that says better or worse")
    direction: str = Field(description="the column that says which way is better")
    since: str = Field(description="what the period before is called: `the quarter before`")
    steady: str = Field(description="the headline where no figure got better or worse")
    first: str = Field(default="", description="the headline where no period before is known")
    news: list[News] = Field(min_length=1)


class Chapter(Declared):
    """A role in which the authority acts, and which rows of the tables are of it."""

    name: str = Field(pattern=r"^[a-z][a-z-]*$", description="what its page is called")
    title: str
    about: str
    of: dict[str, list[str]] = Field(
        min_length=1,
        description="columns, and their texts: of a table that has the column, rows with another"
        " text are not of the chapter; which measures are of its role the registry says, where no"
        " `measure_id` is listed here",
    )
    measures_without_a_role: bool = Field(
        default=False, description="whether measures that no service reports on are its, too"
    )
    services: dict[str, str] = Field(
        default_factory=dict,
        description="of a measure the indicator by which services report it in this role; the"
        " registry says it where it is not listed here",
    )
    apart: str = Field(
        default="",
        description="what is said after the number of a story whose measure is of no indicator of"
        " the chapter",
    )
    sections: list[Section] = Field(default_factory=list, description="what only it says")

    @model_validator(mode="after")
    def _numbers_are_cells(self) -> "Chapter":
        for text in (self.title, self.about, self.apart):
            refuse_numbers(text)
        return self


class Chapters(Declared):
    """A publication as a book: a chapter for each role, after what it says of all together."""

    figures: str = Field(description="the table with a value, a target and the year before")
    stories: str = Field(description="the table of stories")
    changes: dict[str, list[str]] = Field(
        default_factory=dict,
        description="tables by measure that tell a story's number: the columns with it and, where"
        " the table has one, with the year before's",
    )
    without_story: Section | None = Field(
        default=None, description="what a chapter says that has no story"
    )
    first: list[Section] = Field(description="what each says of its rows, before its own sections")
    last: list[Section] = Field(description="what each says after its own sections")
    each: list[Chapter] = Field(min_length=1)


class Narrative(Declared):
    """Everything that a publication says in words, in its order."""

    lead: Lead | None = Field(
        default=None, description="releases from before there was one have none"
    )
    sections: list[Section] = Field(min_length=1)
    chapters: Chapters | None = None


def refuse_numbers(text: str) -> None:
    """Raises ValueError if a number is typed into the text."""
    typed = re.search(r"\d+", PLACEHOLDER.sub("", text)) or _NUMBER_WORDS.search(text)
    if typed:
        raise ValueError(f"{typed[0]!r} is typed: a number comes from a cell of a table")


def read_narrative(publication: str, folder: Path) -> Narrative:
    """What the publication says in words. Raises DeclarationError."""
    return read_declared(folder / f"{publication}.yaml", Narrative)


@dataclass(frozen=True)
class MeasureOfRole:
    """A measure, the role in which a service reports on it, and the indicator that tells it; ''
    of the registry's own rows."""

    measure_id: str
    role: str = ""
    indicator_id: str = ""


def with_measures(narrative: Narrative, seeds: Path) -> Narrative:
    """The narrative whose chapters each list the measures of their role, by the registry, and the
    indicators by which services report them.

    A measure that a chapter lists itself is of that chapter alone. Raises DeclarationError.
    """
    if narrative.chapters is None:
        return narrative
    each = narrative.chapters.each
    listed = {name for one in each for name in one.of.get("measure_id", [])}
    every = [one.measure_id for one in read_seed(seeds, "measures", MeasureOfRole)]
    told = read_seed(seeds, "service_indicators", MeasureOfRole)
    roles = {name: {one.role for one in told if one.measure_id == name} for name in every}

    def measures_of(chapter: Chapter) -> list[str]:
        own, free = set(chapter.of.get("role", [])), chapter.measures_without_a_role
        return [
            name
            for name in every
            if name not in listed and (roles[name] & own or (free and not roles[name]))
        ]

    def services_of(chapter: Chapter) -> dict[str, str]:
        own = [one for one in told if one.role in chapter.of.get("role", [])]
        return {one.measure_id: one.indicator_id for one in own} | chapter.services

    found = [
        one.model_copy(
            update={
                "of": one.of
                if "measure_id" in one.of
                else {**one.of, "measure_id": measures_of(one)},
                "services": services_of(one),
            }
        )
        for one in each
    ]
    return narrative.model_copy(
        update={"chapters": narrative.chapters.model_copy(update={"each": found})}
    )
