"""`published/index.html`: every release there is, the newest of each period first."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from exports.edition.manifest import MANIFEST, Manifest, read_manifest
from exports.files.frontmatter import spell_day
from exports.narrative.words_file import read_headline, read_news
from exports.site.feed import FEED, SITEMAP, Entry, feed_text, sitemap_text
from exports.site.pages import environment_for
from flows.authority.declaration import FILE as AUTHORITY
from flows.authority.declaration import Authority, parse_authority
from flows.common.files import written_whole
from flows.common.periods import Period, read_period, read_year

INDEX = "index.html"
ON_TOP = (INDEX, FEED, SITEMAP)  # what lies beside the releases
_NAMES = {
    "quarterly": ("Quarterly reports", "Quarterly report"),
    "annual": ("Annual Reviews of Social Value Impact", "Annual Review"),
}


@dataclass(frozen=True)
class Issue:
    """A revision of a release, as the list shows it."""

    path: str
    headline: str
    news: str
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
    """Write `index.html` over the releases in `published`, whole; equal releases, equal bytes.

    Where their publisher says at which address they stand, a feed and a map of pages lie beside it.
    """
    # The index last: where it names a release, what lies beside it does.
    files = {**texts_beside(published), INDEX: index_text(published)}
    published.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        with written_whole(published / name, 0o644) as partial:
            partial.write_text(text, encoding="utf-8")


def texts_beside(published: Path) -> dict[str, str]:
    """What lies beside the index: a feed and a map of pages, where a publisher says the address."""
    publisher = _publisher(published)
    if publisher is None or not publisher.site_url:
        return {}
    sites = [path.parent / "site" for path in published.glob(f"*/*/r*/{MANIFEST}")]
    pages = [path.relative_to(published).as_posix() for s in sites for path in s.rglob("*.html")]
    return {
        FEED: feed_text(publisher, list(_entries(published))),
        SITEMAP: sitemap_text(publisher, [INDEX, *pages]),
    }


def is_listed(published: Path, release: Path) -> bool:
    """Whether the index that is there names the release, as whatever version wrote it."""
    index = published / INDEX
    page = (release / "site" / INDEX).relative_to(published).as_posix()
    return index.is_file() and f'"{page}"' in index.read_text(encoding="utf-8")


def index_text(published: Path) -> str:
    """The page over the releases that are there. Raises ManifestError."""
    page = environment_for().get_template("releases.html")
    return page.render(publications=_shelves(published), publisher=_publisher(published))


def _publisher(published: Path) -> Authority | None:
    """Whose releases they are, as the newest says; None where it is from before releases said."""
    found = [
        (datetime.fromisoformat(read_manifest(path.parent).as_of), path.parent)
        for path in published.glob(f"*/*/r*/{MANIFEST}")
    ]
    if not found:
        return None
    told = max(found)[1] / "definitions" / "authority" / AUTHORITY
    return parse_authority(told.read_bytes()) if told.is_file() else None


def _entries(published: Path) -> Iterator[Entry]:
    for path in sorted(published.glob(f"*/*/r*/{MANIFEST}")):
        manifest = read_manifest(path.parent)
        _, name = _NAMES.get(manifest.publication, ("", manifest.publication))
        revised = f", revision {manifest.revision}" if manifest.revision > 1 else ""
        yield Entry(
            path=(path.parent / "site" / INDEX).relative_to(published).as_posix(),
            title=f"{name}, {manifest.period}{revised}",
            summary=f"{manifest.status.capitalize()}. Figures as of {manifest.as_of[:10]}.",
            as_of=datetime.fromisoformat(manifest.as_of),
        )


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
    return Issue(
        path=page,
        headline=read_headline(folder),
        news=read_news(folder),
        revision=revision,
        status=manifest.status,
        as_of=as_of,
        overridden=bool(manifest.overrides),
        changed_cells=changed,
    )


def _in_time(label: str) -> tuple[Period, str]:
    period = read_period(label)
    return (read_year(label) if period.kind == "month" else period), label
