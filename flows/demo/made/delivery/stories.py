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
from flows.demo.made.authority.layouts import headers
from flows.demo.made.authority.periods import last_day, slug
from flows.demo.made.authority.workbook import Cell, workbook

RETURN = "case_studies"
_STORIES = Path(__file__).parent / "stories.csv"
_PEOPLE = 9300  # the first of the identities that the stories are about
THEMES = {"fairer": "social", "stronger": "economic", "greener": "environmental"}
_HEADER = headers("story")


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
    consent_date: str
    evidence: str
    fault: str
    story: str
    changed: str
    district: str


@dataclass(frozen=True, kw_only=True)
class StorySent(Sending):
    """A story's file, and the story."""

    story: Story


@cache
def stories() -> tuple[Story, ...]:
    """Every story that is sent, also those that are never kept."""
    with _STORIES.open(encoding="utf-8", newline="") as file:
        return tuple(Story(**row) for row in csv.DictReader(file))


def story_sendings() -> Iterator[Sending]:
    """A workbook for each story, some weeks after its quarter; its part is its title."""
    for nth, story in enumerate(stories()):
        end, sender, part = (
            last_day(story.quarter),
            sender_of(story.directorate),
            sender_of(story.title),
        )
        at = datetime(end.year, end.month, end.day, 12, 30 + nth)  # noqa: DTZ001
        name = f"{sender}_{slug(story.quarter)}_{part}.xlsx"
        content = workbook([("Story", [_HEADER, _cells(story, nth)])])
        yield StorySent(
            Delivery(at + timedelta(days=6 + nth), RETURN, name, content, "A story."),
            sender,
            story.quarter,
            part=part,
            loaded=Sum(int(not story.fault)),
            outcome="rejected" if story.fault else "loaded",  # a file of which no row can be kept
            planted=tuple(_planted(story)),
            story=story,
        )


def stories_kept(period: str) -> dict[tuple[str, str], int]:
    """How many stories of a quarter or year may be told, by role and theme."""
    found: dict[tuple[str, str], int] = {}
    for story in stories():
        if not story.fault and story.quarter.startswith(period):
            key = story.role, THEMES.get(story.theme, story.theme)
            found[key] = found.get(key, 0) + 1
    return found


def _planted(story: Story) -> Iterator[Planted]:
    if story.fault:
        yield Planted(2, story.fault, story.title, "Story")
    if story.story.startswith("Ring 07700"):  # the number leaves the story before anybody reads it
        yield Planted(2, "a telephone number in the story", story.story, "Story")


def _cells(story: Story, nth: int) -> list[Cell]:
    person = identity(_PEOPLE + nth)
    return [
        story.title,
        story.role,
        story.theme,
        story.story,
        story.changed,
        story.district,
        story.measure,
        story.consent,
        story.consent_date or None,
        story.evidence,
        person.name,
        person.email,
        person.phone,
    ]
