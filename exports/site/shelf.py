"""`published/index.html`: every release there is, the newest of each period first."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from exports.edition.manifest import MANIFEST, Manifest, read_manifest
from exports.files.frontmatter import spell_day
from exports.site.pages import environment_for
from flows.common.files import written_whole
from flows.common.periods import Period, read_period, read_year

INDEX = "index.html"
_NAMES = {
    "quarterly": ("Quarterly reports", "Quarterly report"),
    "annual": ("Annual Reviews of Social Value Impact", "Annual Review"),
}


@dataclass(frozen=True)
class Issue:
    """A revision of a release, as the list shows it."""

    path: str
    revision: int
    status: str
    as_of: str
    overridden: bool
    changed_cells: int


@dataclass(frozen=True)
class Shelf:
    """A period of a publication, with its revisions, the newest first."""

    period: str
    issues: Sequence[Issue]


def write_index(published: Path) -> None:
    """Write `index.html` over the releases in `published`, whole; equal releases, equal bytes."""
    text = index_text(published)
    published.mkdir(parents=True, exist_ok=True)
    with written_whole(published / INDEX, 0o644) as partial:
        partial.write_text(text, encoding="utf-8")


def is_listed(published: Path, release: Path) -> bool:
    """Whether the index that is there names the release, as whatever version wrote it."""
    index = published / INDEX
    page = (release / "site" / INDEX).relative_to(published).as_posix()
    return index.is_file() and f'"{page}"' in index.read_text(encoding="utf-8")


def index_text(published: Path) -> str:
    """The page over the releases that are there. Raises ManifestError."""
    page = environment_for().get_template("releases.html")
    return page.render(publications=_shelves(published))


def _shelves(published: Path) -> list[tuple[str, str, list[Shelf]]]:
    found: dict[str, dict[str, list[tuple[int, Path, Manifest]]]] = {}
    for path in sorted(published.glob(f"*/*/r*/{MANIFEST}")):
        manifest = read_manifest(path.parent)
        issues = found.setdefault(manifest.publication, {}).setdefault(manifest.period, [])
        issues.append((manifest.revision, path.parent, manifest))
    shelves = []
    for publication in sorted(found, key=lambda name: (name != "annual", name)):
        periods = found[publication]
        listed = [
            Shelf(label, [_issue(published, *one) for one in sorted(periods[label], reverse=True)])
            for label in sorted(periods, key=_in_time, reverse=True)
        ]
        heading, name = _NAMES.get(publication, (publication, publication))
        shelves.append((heading, name, listed))
    return shelves


def _issue(published: Path, revision: int, folder: Path, manifest: Manifest) -> Issue:
    page = (folder / "site" / INDEX).relative_to(published).as_posix()
    as_of = spell_day(datetime.fromisoformat(manifest.as_of))
    changes = folder / "changes.csv"
    changed = 0
    if changes.is_file():
        with changes.open(encoding="utf-8", newline="") as lines:
            changed = sum(1 for _ in csv.DictReader(lines))
    return Issue(page, revision, manifest.status, as_of, bool(manifest.overrides), changed)


def _in_time(label: str) -> tuple[Period, str]:
    period = read_period(label)
    return (read_year(label) if period.kind == "month" else period), label
