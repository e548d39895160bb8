"""The stories that directorates send, a file each; some without consent, which are never kept."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from flows.demo.made.authority.authority import slug as sender_of
from flows.demo.made.authority.canaries import identity
from flows.demo.made.authority.delivery import Delivery, Planted, Sending, Sum
from flows.demo.made.authority.periods import last_day, slug
from flows.demo.made.authority.workbook import Cell, workbook

RETURN = "case_studies"
_STORIES = Path(__file__).parent / "stories.csv"
_PEOPLE = 9300  # the first of the identities that the stories are about
THEMES = {"fairer": "social", "stronger": "economic", "greener": "environmental"}
_HEADER = (
    "Story title",
    "Our role",
    "Framework theme",
    "What happened",
    "Difference made",
    "Borough",
    "Measure",
    "Consent given",
    "Consent form",
    "Participant name",
    "Participant email",
    "Contact phone",
)


@dataclass(frozen=True)
class Story:
    """A story as it is sent. `fault` is why it is kept out ('' where it is kept)."""

    directorate: str
    quarter: str
    title: str
    role: str
    theme: str
    measure: str
    consent: str
    evidence: str
    fault: str
    story: str


@dataclass(frozen=True, kw_only=True)
class StorySent(Sending):
    """A story's file, and the story."""

    told: Story


@cache
def stories() -> tuple[Story, ...]:
    """Every story that is sent, also those that are never kept."""
    with _STORIES.open(encoding="utf-8", newline="") as file:
        return tuple(Story(**row) for row in csv.DictReader(file))


def story_sendings() -> Iterator[Sending]:
    """A workbook for each story, some weeks after its quarter; its part is its title."""
    for nth, told in enumerate(stories()):
        end, sender, part = (
            last_day(told.quarter),
            sender_of(told.directorate),
            sender_of(told.title),
        )
        at = datetime(end.year, end.month, end.day, 12, 30 + nth)  # noqa: DTZ001
        name = f"{sender}_{slug(told.quarter)}_{part}.xlsx"
        content = workbook([("Story", [_HEADER, _cells(told, nth)])])
        yield StorySent(
            Delivery(at + timedelta(days=6 + nth), RETURN, name, content, "A story."),
            sender,
            told.quarter,
            part=part,
            loaded=Sum(int(not told.fault)),
            outcome="rejected" if told.fault else "loaded",  # a file of which no row can be kept
            planted=tuple(_planted(told)),
            told=told,
        )


def stories_kept(period: str) -> dict[tuple[str, str], int]:
    """How many stories of a quarter or year may be told, by role and theme."""
    found: dict[tuple[str, str], int] = {}
    for told in stories():
        if not told.fault and told.quarter.startswith(period):
            key = told.role, THEMES.get(told.theme, told.theme)
            found[key] = found.get(key, 0) + 1
    return found


def _planted(told: Story) -> Iterator[Planted]:
    if told.fault:
        yield Planted(2, told.fault, told.title, "Story")
    if told.story.startswith("Ring 07700"):  # the number leaves the story before anybody reads it
        yield Planted(2, "a telephone number in the story", told.story, "Story")


def _cells(told: Story, nth: int) -> list[Cell]:
    person = identity(_PEOPLE + nth)
    return [
        told.title,
        told.role,
        told.theme,
        told.story,
        "It went on after the project.",
        "Liverpool",
        told.measure,
        told.consent,
        told.evidence,
        person.name,
        person.email,
        person.phone,
    ]
