"""The entries of people in the two logs: the models behind `*.yaml` here."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from flows.common.declarations import Declared, read_declared

Level = Literal["low", "medium", "high"]


class Reviewed(Declared):
    """A piece of quality assurance that somebody did, which no machine can record by itself."""

    what: str = Field(description="what was looked at: a model, a release, a table, a method")
    how: str = Field(description="how: read, worked out by hand, compared with a published source")
    found: str = Field(description="what was found, and what was done about it")
    by: str = Field(description="who, by post")
    done_on: date


class Assumption(Declared):
    """Something that is taken to be so, or that a reader must know of a figure."""

    id: str = Field(pattern=r"^A\d{2}$")
    assumption: str
    because: str = Field(description="why it is made, and on what it rests")
    touches: list[str] = Field(min_length=1, description="indicators, tables, or `all`")
    quality: Level = Field(description="how good what it rests on is")
    impact: Level = Field(description="how much figures would move if it were wrong")
    owner: str = Field(description="who answers for it, by post")
    since: date


class QaLog(Declared):
    """The QA log's entries by people."""

    reviews: list[Reviewed]


class AssumptionsLog(Declared):
    """The log of assumptions and caveats: the entries by people."""

    assumptions: list[Assumption]


def read_reviews(folder: Path) -> list[Reviewed]:
    """What people reviewed. Raises DeclarationError."""
    return read_declared(folder / "qa_log.yaml", QaLog).reviews


def read_assumptions(folder: Path) -> list[Assumption]:
    """What people take to be so. Raises DeclarationError."""
    return read_declared(folder / "assumptions.yaml", AssumptionsLog).assumptions
