"""A release: the tables of a publication for a period, built whole and never overwritten."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from exports.assembly import build_release, hashes_of
from exports.building import PlaceTaken, building_folder, put_in_place
from exports.clearance import ReleaseBlocked, clear, read_blocks
from exports.facts import Block, InputReturn, Override, ReleaseFacts
from exports.manifest import make_manifest, read_manifest
from exports.select import Selection, quarters_with_rows, select
from exports.table import TABLES, read_tables

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
    "read_selections",
]
_REVISION = re.compile(r"^r([1-9]\d*)$")
_ATTEMPTS = 5


class NothingToPublish(Exception):
    """There are no rows for the period; the message says for which there are."""


@dataclass(frozen=True)
class Release:
    """A release in its place: `files` are its paths with their SHA-256."""

    name: str
    path: Path
    revision: int
    files: dict[str, str]
    changed: bool
    warnings: list[str]


def publish(
    facts: ReleaseFacts, *, analysts: Path, published: Path, tables: Path = TABLES
) -> Release:
    """Publish the tables for a period from the analysts' file into the folder `published`.

    A new revision is made where figures, definitions or overrides differ from the newest one;
    otherwise that one is returned, with `changed` false. Raises NothingToPublish, ReleaseBlocked,
    SelectionError (the models are not as the tables say), DeclarationError (a table's file is
    wrong), ManifestError (the newest release is damaged), PlaceTaken (others keep publishing it).
    """
    selections, blocks = read_selections(facts, analysts, tables)
    edition, warnings = clear(facts, selections, blocks)
    place = published / facts.publication / facts.period.slug
    for _ in range(_ATTEMPTS):
        revision, newest = newest_revision(place)
        if newest and read_manifest(newest).same_figures(make_manifest(edition, selections, {})):
            return _release(facts, newest, revision, False, warnings)
        target = place / f"r{revision + 1}"
        try:
            with building_folder(place) as folder:
                build_release(replace(edition, revision=revision + 1), selections, folder, newest)
                put_in_place(folder, target)
        except PlaceTaken:
            continue  # another process was quicker: look again at what is published now
        if newest:
            warnings = [*warnings, f"Revision {revision + 1}: changes.csv says what changed."]
        return _release(facts, target, revision + 1, True, warnings)
    raise PlaceTaken(f"{place}: others publish this period at the same time; try again.")


def read_selections(
    facts: ReleaseFacts, analysts: Path, folder: Path = TABLES
) -> tuple[list[Selection], list[Block]]:
    """The period's tables, and what blocks their release.

    Raises NothingToPublish, SelectionError, DeclarationError.
    """
    quarter = facts.period.label
    tables = read_tables(facts.publication, folder)
    if not analysts.is_file():
        raise NothingToPublish("Nothing has been modelled yet: run `social-value build` first.")
    # One connection for all: it keeps to one file, even if a new one is swapped in meanwhile.
    with duckdb.connect(str(analysts), read_only=True) as connection:
        held = quarters_with_rows(connection, tables)
        if quarter not in held:
            known = f"there are rows for {', '.join(held)}" if held else "no quarter has any row"
            raise NothingToPublish(f"There is nothing to publish for {quarter}: {known}.")
        return [select(connection, table, quarter) for table in tables], read_blocks(
            connection, quarter
        )


def newest_revision(place: Path) -> tuple[int, Path | None]:
    """The newest release in a period's folder, by number and path; (0, None) if there is none."""
    numbers = (
        [int(found[1]) for path in place.iterdir() if (found := _REVISION.match(path.name))]
        if place.is_dir()
        else []
    )
    return (max(numbers), place / f"r{max(numbers)}") if numbers else (0, None)


def _release(
    facts: ReleaseFacts, path: Path, revision: int, changed: bool, warnings: Sequence[str]
) -> Release:
    name = f"{facts.publication}/{facts.period.slug}/r{revision}"
    return Release(name, path, revision, hashes_of(path), changed, list(warnings))
