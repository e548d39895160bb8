"""changes.csv: what a revision changed, cell by cell, and why."""

import csv
from pathlib import Path

import pytest

from exports.definitions.table import read_tables
from exports.edition.changes import changed_cells
from exports.edition.facts import Override
from tests.support.definitions import PLACES, publish
from tests.support.exports_made import Change, Facts

FIGURE = "update publication.pub_spend_by_place set amount = 1 where payments = 5"


def changes(folder: Path) -> list[dict[str, str]]:
    with (folder / "changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def published(analysts: Change, facts: Facts, tmp_path: Path) -> Path:
    publish(facts(), analysts=analysts(), published=tmp_path / "p")
    return tmp_path / "p"


def test_a_first_release_has_no_changes(published: Path) -> None:
    assert not (published / "quarterly" / "2022-23-Q1" / "r1" / "changes.csv").exists()


def test_a_changed_figure_is_listed_with_old_new_and_why(
    analysts: Change, facts: Facts, published: Path
) -> None:
    release = publish(facts(sha="c"), analysts=analysts(FIGURE), published=published)
    assert changes(release.path) == [
        {
            "table": "spend_by_place",
            "row_key": "place_group=Location unknown",
            "column": "amount",
            "old": "-12.30",
            "new": "1.00",
            "why": "return replaced: finance_payments lcrca 2022-04",
        }
    ]
    assert "Revision 2: changes.csv says what changed." in release.warnings


def test_a_row_that_came_and_one_that_went_are_listed(
    analysts: Change, facts: Facts, published: Path
) -> None:
    renamed = "update publication.pub_spend_by_place set place_group = 'Sefton' where payments = 5"
    release = publish(facts(), analysts=analysts(renamed), published=published)
    found = {(row["row_key"], row["column"]): row for row in changes(release.path)}
    came = found["place_group=Sefton", "amount"]
    went = found["place_group=Location unknown", "amount"]
    assert (came["old"], came["new"]) == ("", "-12.30")
    assert (went["old"], went["new"]) == ("-12.30", "")


def test_a_change_without_a_cause_calls_for_an_audit(
    analysts: Change, facts: Facts, published: Path
) -> None:
    late = "update publication.pub_returns set late_days = 28 where late_days = 27"
    again = facts(as_of="2022-07-12T00:00:00")
    release = publish(again, analysts=analysts(late), published=published)
    assert [row["why"] for row in changes(release.path)] == [
        "no return, definition or override changed: only deadlines that have passed since "
        "2022-07-11T09:30:00 can account for it, and anything else calls for an audit"
    ]


def test_definitions_and_overrides_are_named_as_causes(
    analysts: Change, facts: Facts, published: Path
) -> None:
    block = "insert into publication.pub_release_blocks values ('2022-23 Q1', 'k', 'w', 'd')"
    again = facts(Override("w", "A. Officer", "so"), digest="f" * 64)
    release = publish(again, analysts=analysts(FIGURE, block), published=published)
    (row,) = changes(release.path)
    assert row["why"] == (
        "definitions changed (seeds, models, contracts or suites); overrides changed"
    )


def test_changes_are_the_same_bytes_from_the_same_history(
    analysts: Change, facts: Facts, published: Path, tmp_path: Path
) -> None:
    first = publish(facts(sha="c"), analysts=analysts(FIGURE), published=published)
    publish(facts(), analysts=analysts(), published=tmp_path / "q")
    second = publish(facts(sha="c"), analysts=analysts(FIGURE), published=tmp_path / "q")
    assert first.files == second.files


def test_the_words_of_a_story_that_is_gone_are_not_repeated() -> None:
    (stories,) = [one for one in read_tables("annual", PLACES.tables) if one.name == "stories"]
    header = ",".join(column.name for column in stories.columns)
    cells = ["2022-23", "1", *(f"{column.name} of Zoe" for column in stories.columns[2:])]
    gone = list(changed_cells(stories, f"{header}\n{','.join(cells)}\n", f"{header}\n", "why"))
    assert {one.column for one in gone} >= {"title", "story", "what_changed", "district"}
    words = [
        one.old for one in gone if one.column in ("title", "story", "what_changed", "district")
    ]
    assert words == ["not repeated here"] * 4
