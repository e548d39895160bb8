"""A release: the tables of a publication for a period, built whole and never overwritten."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from exports.definitions.headline import OwnHeadline, name_of_headline, read_own_headline
from exports.definitions.narrative import read_narrative, with_measures
from exports.definitions.table import read_tables
from exports.disclosure.apply import protect_tables
from exports.disclosure.thresholds import read_thresholds
from exports.edition.clearance import ReleaseBlocked, clear
from exports.edition.facts import Block, Edition, InputReturn, Override, ReleaseFacts
from exports.edition.history import QUARTERLY, History, read_history
from exports.edition.manifest import make_manifest, read_manifest
from exports.edition.movements import large_movements, period_before
from exports.edition.not_known import cautions, noted
from exports.edition.words import OwnWords
from exports.figures.selection import Selection
from exports.narrative.own_headline import render_own
from exports.release.assemble import build_release, hashes_of
from exports.release.inputs import NothingToPublish, read_rows
from exports.site.shelf import is_listed, write_index
from flows.authority.places import Places
from flows.common.due_dates import publication_day, read_delays, read_holidays
from flows.common.files import PlaceTaken, folder_written_whole
from flows.common.periods import period_of

__all__ = [
    "Block",
    "InputReturn",
    "NothingToPublish",
    "Override",
    "PlaceTaken",
    "Release",
    "ReleaseBlocked",
    "ReleaseFacts",
    "newest_revision",
    "publish",
]
_REVISION = re.compile(r"^r([1-9]\d*)$")
_ATTEMPTS = 5


@dataclass(frozen=True)
class Release:
    """A release in its place: `files` are its paths with their SHA-256.

    `disclosure` says which cells are hidden for which reason, as CSV; it is not for publishing, and
    empty where no table counts people.
    """

    name: str
    path: Path
    revision: int
    files: dict[str, str]
    changed: bool
    warnings: list[str]
    disclosure: str = ""


def publish(
    facts: ReleaseFacts,
    *,
    analysts: Path,
    published: Path,
    places: Places,
) -> Release:
    """Publish the tables for a period from the analysts' file into the folder `published`.

    `places`: where the definitions of tables, words and limits lie.

    A new revision is made where figures, definitions or overrides differ from the newest one;
    otherwise that one is returned, with `changed` false. Raises NothingToPublish, ReleaseBlocked,
    SelectionError (the models are not as the tables say), DisclosureError (tables of people
    contradict themselves), NarrativeError (a sentence names a cell that is not there),
    DeclarationError (a table's file is wrong), ManifestError (the newest
    release is damaged), PlaceTaken (others keep publishing it).
    """
    narrative = with_measures(read_narrative(facts.publication, places.narrative), places.seeds)
    headline = read_own_headline(places.narrative, facts.publication, facts.period)
    written = places.narrative / name_of_headline(facts.publication, facts.period)
    place = published / facts.publication / facts.period.slug
    for _ in range(_ATTEMPTS):
        read = read_rows(
            facts, analysts, published, places.tables, read_thresholds(places.thresholds)
        )
        before = published / facts.publication / period_before(facts.period).slug
        _, last = newest_revision(before)
        moved = large_movements(read.selections, facts.period, last, places.movements)
        edition, warnings = clear(facts, read.selections, [*read.blocks, *moved])
        selections, report = protect_tables(
            read.selections, read.thresholds, read.elsewhere, read.past
        )
        said = cautions(selections, read.thresholds.rounding, places.not_known)
        edition = replace(edition, disclosure=report, cautions=said)
        selections = noted(selections, said)
        own = _own_words(headline, selections, written) if headline else None
        revision, newest = newest_revision(place)
        if newest and read_manifest(newest).same_figures(make_manifest(edition, selections, {})):
            if not is_listed(published, newest):  # its maker may have been killed before
                write_index(published)
            return _release(edition, newest, revision, False, warnings)
        edition = replace(edition, revision=revision + 1, next_due=_next_due(facts, places.seeds))
        history = _history(facts, selections, read.known, published, places.tables)
        target = place / f"r{revision + 1}"
        try:
            with folder_written_whole(target) as folder:
                build_release(edition, selections, narrative, folder, newest, history, own)
        except PlaceTaken:
            continue  # another process was quicker: look again at what is published now
        if newest:
            warnings = [*warnings, f"Revision {revision + 1}: changes.csv says what changed."]
        write_index(published)
        return _release(edition, target, revision + 1, True, warnings)
    raise PlaceTaken(f"{place}: others publish this period at the same time; try again.")


def _next_due(facts: ReleaseFacts, seeds: Path) -> date | None:
    """The first day to come on which a later one of the publication is due, by the calendar."""
    delay, holidays = read_delays(seeds).get(facts.publication), read_holidays(seeds)
    if delay is None:
        return None
    following = period_of(facts.period.end, facts.period.kind)
    while (due := publication_day(following, delay, holidays)) <= facts.as_of.date():
        following = period_of(following.end, following.kind)
    return due


def _history(
    facts: ReleaseFacts,
    selections: Sequence[Selection],
    known: Mapping[str, Sequence[Selection]],
    published: Path,
    tables: Path,
) -> History:
    """The quarters until this release; a year is followed through its quarterly reports."""
    if facts.publication == QUARTERLY:
        own, before = selections, facts.period.first_day
    else:
        own, before = [], facts.period.end
    return read_history(published, before, read_tables(QUARTERLY, tables), known, own)


def _own_words(headline: OwnHeadline, selections: Sequence[Selection], path: Path) -> OwnWords:
    """The authority's headline with its cells. Raises NarrativeError by file and line."""
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    line = next(number for number, text in lines if "headline:" in text)
    return render_own(headline, selections, f"narrative/{path.name}, line {line}"), headline.by


def newest_revision(place: Path) -> tuple[int, Path | None]:
    """The newest release in a period's folder, by number and path; (0, None) if there is none."""
    numbers = (
        [int(found[1]) for path in place.iterdir() if (found := _REVISION.match(path.name))]
        if place.is_dir()
        else []
    )
    return (max(numbers), place / f"r{max(numbers)}") if numbers else (0, None)


def _release(
    edition: Edition, path: Path, revision: int, changed: bool, warnings: Sequence[str]
) -> Release:
    facts, report = edition.facts, edition.disclosure
    name = f"{facts.publication}/{facts.period.slug}/r{revision}"
    private = report.private_text if report else ""
    return Release(name, path, revision, hashes_of(path), changed, list(warnings), private)
