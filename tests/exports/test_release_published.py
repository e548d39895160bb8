"""A release: complete, repeatable to the byte, never overwritten, blocked when it must be."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from exports.edition.facts import Override
from exports.edition.manifest import ManifestError
from exports.release.assemble import hashes_of
from exports.release.publish import NothingToPublish, ReleaseBlocked, newest_revision
from tests.support.accessible_workbook import check_workbook
from tests.support.definitions import publish
from tests.support.exports_made import TABLES, Change, Facts

BLOCK = """
insert into publication.pub_release_blocks values
    ('2022-23 Q1', 'control total does not tie', 'lcrca 2022-04', 'GBP 12.00 over'),
    ('2022-23 Q2', 'open finding', 'F1', 'another quarter');
"""
SECOND = (
    "insert into publication.pub_release_blocks values ('2022-23 Q1', 'open finding', 'F2', 'x')"
)
WORD = Override("lcrca 2022-04", "A. Officer", "the ledger closes next week")
NEW_FIGURE = "update publication.pub_spend_by_place set amount = 1 where payments = 5"


def test_a_release_holds_every_table_three_ways_and_what_it_rests_on(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    release = publish(facts(), analysts=analysts(), published=tmp_path / "published")
    kinds = ("csv", "csv-metadata.json", "parquet")
    assert {path for path in release.files if not path.startswith("site/")} == {
        *(f"tables/{name}.{kind}" for name in TABLES for kind in kinds),
        "social-value-quarterly-2022-23-Q1.pdf",
        "social-value-quarterly-2022-23-Q1.xlsx",
        "social-value-quarterly-2022-23-Q1.zip",
        "definitions/seeds/indicators.csv",
        "definitions/contracts/a.yaml",
        "words.csv",
        "datapackage.json",
        "disclosure.csv",
        "manifest.json",
        "receipt.json",
    }
    assert {"site/index.html", "site/indicators/c01.html"} < set(release.files)
    assert (release.name, release.revision) == ("quarterly/2022-23-Q1/r1", 1)
    assert release.changed
    assert release.path == tmp_path / "published" / release.name
    for path, sha256 in release.files.items():
        assert hashlib.sha256((release.path / path).read_bytes()).hexdigest() == sha256
    assert json.loads((release.path / "receipt.json").read_bytes()) == {"run": "1", "host": "here"}
    assert check_workbook(next(release.path.glob("*.xlsx"))) == []


def test_a_table_that_needs_what_is_not_there_is_left_out_without_a_word(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    without = analysts("delete from publication.pub_spend_by_ward")
    release = publish(facts(), analysts=without, published=tmp_path / "published")
    tables = {Path(path).stem for path in release.files if path.endswith(".csv")}
    assert set(TABLES) - tables == {"spend_by_ward"}
    pages = [path for path in release.files if path.endswith((".html", ".json"))]
    assert not [path for path in pages if "by ward" in (release.path / path).read_text("utf-8")]


def test_the_same_facts_in_two_places_give_the_same_bytes_but_for_the_receipt(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    first = publish(facts(), analysts=analysts(), published=tmp_path / "one")
    second = publish(facts(run="2"), analysts=analysts(), published=tmp_path / "two")
    assert {path for path in first.files if first.files[path] != second.files[path]} == {
        "receipt.json"
    }
    assert first.files.keys() == second.files.keys()


def test_what_is_published_already_leaves_the_index_as_whoever_wrote_it(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    publish(facts(), analysts=analysts(), published=tmp_path)
    index = tmp_path / "index.html"
    index.write_text(index.read_text("utf-8") + "<!-- of an earlier version -->", "utf-8")
    assert not publish(facts(), analysts=analysts(), published=tmp_path).changed
    assert index.read_text("utf-8").endswith("<!-- of an earlier version -->")
    index.unlink()  # its maker was killed before
    assert not publish(facts(), analysts=analysts(), published=tmp_path).changed
    assert index.is_file()


def test_the_manifest_says_only_what_the_inputs_decide_and_names_no_file_of_a_sender(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    release = publish(facts(), analysts=analysts(), published=tmp_path)
    text = (release.path / "manifest.json").read_text("utf-8")
    manifest = json.loads(text)
    assert text == json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert "file" not in text
    assert manifest["inputs"][0] == {
        "return_id": "finance_payments-aaaaaaaaaaaa/2022-04",
        "return": "finance_payments",
        "sender": "lcrca",
        "period": "2022-04",
        "part": "",
        "sha256": "a" * 64,
    }
    assert (manifest["as_of"], manifest["revision"]) == ("2022-07-11T09:30:00", 1)
    assert set(manifest["tables"]) == set(TABLES)
    assert manifest["tables"]["local_spend"]["rows"] == 4
    assert manifest["status"] == "provisional"
    outside = {"manifest.json", "receipt.json"}
    assert manifest["outputs"] == {p: h for p, h in release.files.items() if p not in outside}


def test_the_order_in_which_inputs_are_handed_does_not_matter(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    turned = replace(facts(), inputs=list(reversed(facts().inputs)))
    first = publish(facts(), analysts=analysts(), published=tmp_path / "one")
    second = publish(turned, analysts=analysts(), published=tmp_path / "two")
    assert first.files == second.files


def test_publishing_the_same_again_changes_nothing(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    first = publish(facts(), analysts=analysts(), published=tmp_path / "p")
    again = publish(
        facts(as_of="2022-07-12T00:00:00", run="2"), analysts=analysts(), published=tmp_path / "p"
    )
    assert not again.changed
    assert (again.name, again.files) == (first.name, first.files)
    assert [path.name for path in first.path.parent.iterdir()] == ["r1"]


def test_a_changed_figure_makes_a_new_revision_and_leaves_the_old_one(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    first = publish(facts(), analysts=analysts(), published=tmp_path / "p")
    second = publish(facts(sha="c"), analysts=analysts(NEW_FIGURE), published=tmp_path / "p")
    assert (second.revision, second.changed) == (2, True)
    assert hashes_of(first.path) == first.files
    assert newest_revision(first.path.parent) == (2, second.path)


@pytest.mark.parametrize("changed", ["digest", "table"])
def test_changed_definitions_make_a_new_revision(
    analysts: Change, facts: Facts, tmp_path: Path, changed: str
) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    source = Path(__file__).parents[2] / "exports" / "tables"
    for path in source.glob("*.yaml"):
        text = path.read_text("utf-8")
        if changed == "table":
            text = text.replace("title: Local spend", "title: Spend near by")
        (folder / path.name).write_text(text, encoding="utf-8")
    publish(facts(), analysts=analysts(), published=tmp_path / "p")
    digest = "f" * 64 if changed == "digest" else "d" * 64
    second = publish(
        facts(digest=digest), analysts=analysts(), published=tmp_path / "p", tables=folder
    )
    assert second.revision == 2


def test_nothing_to_publish_names_the_quarters_that_have_rows(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    with pytest.raises(NothingToPublish, match="there are rows for 2022-23 Q1, 2022-23 Q2") as told:
        publish(facts(period="2030-31 Q1"), analysts=analysts(), published=tmp_path / "p")
    assert str(told.value).count(".") == 1
    assert not (tmp_path / "p").exists()


def test_nothing_modelled_yet_says_what_to_run(facts: Facts, tmp_path: Path) -> None:
    with pytest.raises(NothingToPublish, match="social-value build"):
        publish(facts(), analysts=tmp_path / "none.duckdb", published=tmp_path / "p")


def test_a_block_stops_the_release_and_is_told(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseBlocked) as told:
        publish(facts(), analysts=analysts(BLOCK), published=tmp_path / "p")
    assert [(one.kind, one.what) for one in told.value.reasons] == [
        ("control total does not tie", "lcrca 2022-04")
    ]
    assert "GBP 12.00 over" in str(told.value)
    assert not (tmp_path / "p").exists()


def test_every_block_must_be_overridden_by_what_it_is_about(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseBlocked) as told:
        publish(facts(WORD), analysts=analysts(BLOCK, SECOND), published=tmp_path / "p")
    assert [one.what for one in told.value.reasons] == ["F2"]


def test_an_override_lets_the_release_out_and_is_printed_in_it(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    unneeded = Override("F9", "B. Officer", "nothing")
    release = publish(facts(WORD, unneeded), analysts=analysts(BLOCK), published=tmp_path / "p")
    manifest = json.loads((release.path / "manifest.json").read_bytes())
    assert manifest["overrides"] == [
        {"what": "lcrca 2022-04", "by": "A. Officer", "because": "the ledger closes next week"}
    ]
    assert any("overridden by A. Officer" in warning for warning in release.warnings)


def test_an_override_that_is_no_longer_needed_makes_a_new_revision(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    publish(facts(WORD), analysts=analysts(BLOCK), published=tmp_path / "p")
    second = publish(facts(WORD), analysts=analysts(), published=tmp_path / "p")
    assert (second.revision, second.changed) == (2, True)


def test_what_the_figures_lack_is_a_warning(analysts: Change, facts: Facts, tmp_path: Path) -> None:
    release = publish(facts(), analysts=analysts(), published=tmp_path)
    assert release.warnings == [
        "Held back from finance_payments of lcrca for 2022-04 (whole period): 2 rows.",
        "Not in the figures: finance_payments of lcrca for 2022-05 (transport), which is missing.",
    ]


def test_a_damaged_release_is_told_not_built_upon(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    release = publish(facts(), analysts=analysts(), published=tmp_path / "p")
    manifest = release.path / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text("{}", encoding="utf-8")
    with pytest.raises(ManifestError, match="restore the release"):
        publish(facts(), analysts=analysts(), published=tmp_path / "p")


def test_a_definition_cannot_be_written_outside_the_release(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    for path in ("../out.csv", "/out.csv", ""):
        outside = replace(facts(), definitions={path: b""})
        with pytest.raises(ValueError, match="inside the release"):
            publish(outside, analysts=analysts(), published=tmp_path / "p")
    assert list((tmp_path / "p" / "quarterly" / "2022-23-Q1").iterdir()) == []
