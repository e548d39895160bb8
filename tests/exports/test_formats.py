"""A publication is written in the formats its authority names, and is whole without the others."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from exports.edition.manifest import read_manifest
from exports.release.assemble import hashes_of
from flows.authority.declaration import FORMATS, parse_authority
from tests.support.definitions import PLACES, publish
from tests.support.exports_made import Change, Facts
from tests.support.linked_pages import dead_links

AUTHORITY = (PLACES.authority / "authority.yaml").read_bytes()
WORDS = {"xlsx": "workbook", "pdf": "PDF", "parquet": "Parquet", "zip": "ZIP"}


@pytest.mark.parametrize(
    "named", [["html", "csv"], ["html", "csv", "zip"], ["html", "csv", "xlsx", "parquet"]]
)
def test_a_release_is_whole_without_a_format(
    analysts: Change, facts: Facts, tmp_path: Path, named: list[str]
) -> None:
    told = AUTHORITY + f"formats: {{quarterly: [{', '.join(named)}]}}\n".encode()
    given = facts()
    given = replace(given, definitions={**given.definitions, "authority/authority.yaml": told})
    published = tmp_path / "p"
    release = publish(given, analysts=analysts(), published=published)
    endings = {path.rpartition(".")[2] for path in release.files}
    assert FORMATS & endings == set(named)
    pages = sorted(published.rglob("*.html"))
    assert len(pages) > 20
    assert not list(dead_links(pages))
    downloads = (release.path / "site/downloads.html").read_text("utf-8")
    for one, word in WORDS.items():
        assert (word in downloads) == (one in named), one
    files = hashes_of(release.path)
    beside = {name: files[name] for name in ("manifest.json", "receipt.json")}
    assert read_manifest(release.path).outputs | beside == files
    package = json.loads((release.path / "datapackage.json").read_text("utf-8"))
    assert {one["path"] for one in package["resources"]} <= files.keys()
    again = publish(given, analysts=analysts(), published=published)
    assert (again.revision, again.changed) == (1, False)


def test_a_publication_is_written_in_all_unless_it_is_said() -> None:
    assert parse_authority(AUTHORITY).formats_of("quarterly") == FORMATS
    authority = parse_authority(AUTHORITY + b"formats: {annual: [html, csv]}\n")
    assert authority.formats_of("quarterly") == FORMATS
    assert authority.formats_of("annual") == {"html", "csv"}
