"""Every file of a release, written into an empty folder."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import duckdb

from exports.definitions.narrative import Narrative
from exports.edition.changes import Change, changes_since, changes_text
from exports.edition.facts import Edition
from exports.edition.history import History
from exports.edition.manifest import (
    MANIFEST,
    RECEIPT,
    Manifest,
    make_manifest,
    read_manifest,
    why_changed,
)
from exports.edition.words import OwnWords, render_words
from exports.figures.machine_files import csv_text, csvw_text, write_parquet
from exports.figures.selection import Selection
from exports.files.frontmatter import table_title
from exports.files.package import datapackage_text, zip_of
from exports.files.workbook import write_workbook
from exports.narrative.words_file import WORDS, words_text
from exports.pdf.book import book_of
from exports.site.pages import site_pages

_NO_HISTORY = History()


def build_release(
    edition: Edition,
    selections: Sequence[Selection],
    narrative: Narrative,
    folder: Path,
    previous: Path | None = None,
    history: History = _NO_HISTORY,
    own: OwnWords | None = None,
) -> Manifest:
    """Write every file of a release into the empty `folder`; `previous` is the revision before,
    `history` the quarters that were published before, `own` the authority's headline. Which formats
    there are its publisher says.

    The same inputs write the same bytes, but for `receipt.json`. Returns the manifest. Raises
    NarrativeError for a sentence that names a cell which is not there, ValueError for a definition
    whose path leads out of the release.
    """
    facts = edition.facts
    with duckdb.connect(":memory:") as scratch:
        for selection in selections:
            _write_table(edition, selection, folder / "tables", scratch)
    words = render_words(narrative, selections, facts.period, edition.cautions, own)
    sections = words.sections
    named = f"social-value-{facts.publication}-{facts.period.slug}"
    if "xlsx" in facts.formats:
        _write(folder / f"{named}.xlsx", write_workbook(edition, selections, sections))
    for path, content in sorted(facts.definitions.items()):
        _write(folder / "definitions" / _inside(path), content)
    if edition.disclosure:
        _write(folder / "disclosure.csv", edition.disclosure.public_text.encode())
    changes: list[Change] = []
    if previous:
        why = why_changed(read_manifest(previous), make_manifest(edition, selections, {}))
        changes = changes_since(selections, previous, why)
        _write(folder / "changes.csv", changes_text(changes).encode())
    _write(folder / WORDS, words_text(sections, selections).encode())
    _write(folder / "datapackage.json", datapackage_text(edition, selections).encode())
    if "pdf" in facts.formats:
        _write(folder / f"{named}.pdf", book_of(edition, selections, words, history))
    if "zip" in facts.formats:
        whole = {
            path: (folder / path).read_bytes() for path in hashes_of(folder) if _is_taken(path)
        }
        _write(folder / f"{named}.zip", zip_of(whole))
    sizes = {path: (folder / path).stat().st_size for path in hashes_of(folder)}
    for path, page in site_pages(edition, selections, words, changes, sizes, history).items():
        _write(folder / "site" / path, page.encode())
    manifest = make_manifest(edition, selections, hashes_of(folder))
    _write(folder / MANIFEST, manifest.text.encode())
    receipt = json.dumps(dict(facts.receipt), indent=2, sort_keys=True, ensure_ascii=False)
    _write(folder / RECEIPT, (receipt + "\n").encode())
    return manifest


def hashes_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in the folder, by its path in it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


def _is_taken(path: str) -> bool:
    """Whether a file stands in the zip: what readers work with, and not how it was made."""
    return not path.startswith("definitions/")


def _write_table(
    edition: Edition, selection: Selection, folder: Path, scratch: duckdb.DuckDBPyConnection
) -> None:
    name, title = selection.table.name, table_title(edition, selection.table)
    _write(folder / f"{name}.csv", csv_text(selection).encode())
    _write(
        folder / f"{name}.csv-metadata.json",
        csvw_text(selection, title, edition.facts.publisher).encode(),
    )
    if "parquet" in edition.facts.formats:
        write_parquet(scratch, selection, folder / f"{name}.parquet")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _inside(path: str) -> Path:
    inside = PurePosixPath(path)
    if inside.is_absolute() or not inside.parts or ".." in inside.parts:
        raise ValueError(f"The definition {path!r} must have a path inside the release.")
    return Path(inside)
