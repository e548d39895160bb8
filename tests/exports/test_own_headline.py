"""The authority's own headline: its numbers are cells that are shown, and the rule's words stay."""

import csv
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from exports.definitions.headline import OwnHeadline, name_of_headline, read_own_headline
from exports.figures.cell import Cell
from exports.figures.selection import Selection
from exports.narrative.own_headline import render_own
from exports.narrative.render import NarrativeError
from exports.narrative.rendered import text_of
from flows.common.declarations import DeclarationError
from flows.common.periods import read_period
from flows.publishing.definitions import edited_files, own_headline
from flows.publishing.named_cells import cell_faults
from tests.support.definitions import PLACES, publish
from tests.support.exports_made import TABLES, Change, Facts, chosen

QUARTER = read_period("2022-23 Q1")
NAME = "headline_quarterly_2022-23-Q1.yaml"
ROW = "period=2022-23 Q1, place=Liverpool City Region"
SHARE = f"{{local_spend.percent_of_known[{ROW}]}}"
SAID = f"Some {SHARE} of our money stayed here"


def written(folder: Path, headline: str, name: str = NAME) -> Path:
    """What ships, and the headline in a file of its own."""
    shutil.copytree(PLACES.narrative, folder)
    (folder / name).write_text(f'by: Head of News\nheadline: "{headline}"\n', encoding="utf-8")
    return folder


@pytest.fixture
def selections(analysts: Change) -> list[Selection]:
    path = analysts()
    return [chosen(path, name) for name in TABLES]


def test_it_is_the_headline_of_its_release_and_the_rules_words_stay(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    made, published = analysts(), tmp_path / "p"
    before = publish(facts(), analysts=made, published=tmp_path / "before")
    folder = written(tmp_path / "own", SAID)
    release = publish(facts(), analysts=made, published=published, narrative=folder)
    told = []
    for one in (before, release):
        with (one.path / "words.csv").open(encoding="utf-8", newline="") as lines:
            told.append([row for row in csv.DictReader(lines) if row["section"] == "headline"])
    rule, own = told[0][0]["sentence"], told[1][0]
    assert own["sentence"] == "Some 67% of our money stayed here"
    assert own["cells"] == f"local_spend: {ROW}: percent_of_known = 67.0"
    (last,) = [row["sentence"] for row in told[1] if "the rule" in row["sentence"]]
    assert last == (f"The headline is by Head of News. What the rule would have said: {rule}.")
    page = (release.path / "site" / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<h1>\s*Some <data[^>]*>67%</data> of our money stayed here\s*</h1>", page)
    assert "What the rule would have said" in page


@pytest.mark.parametrize(
    ("headline", "why"),
    [
        ("Some 67% of our money stayed here", "'67' is typed"),
        ("Twice as much stayed here", "'Twice' is typed"),
        ("{percent} of our money stayed here", "names no cell"),
        ("{local_spend.percent_of_known[Liverpool]} stayed", "names no row"),
    ],
)
def test_a_typed_number_is_refused_by_file_and_line(
    tmp_path: Path, headline: str, why: str
) -> None:
    folder = written(tmp_path / "own", headline)
    with pytest.raises(DeclarationError, match=rf"{NAME}, line 2: headline: .*{why}"):
        read_own_headline(folder, "quarterly", QUARTER)


@pytest.mark.parametrize(
    ("headline", "why"),
    [
        ("{nowhere.value[a=b]}", "the release has no table nowhere."),
        (f"{{local_spend.nothing[{ROW}]}}", "table local_spend has no column nothing."),
        ("{local_spend.percent_of_known[period=1999]}", "has 0 rows where period=1999."),
        ("{local_spend.percent_of_known[period=2022-23 Q1]}", "rows where period=2022-23 Q1."),
    ],
)
def test_a_cell_that_is_not_there_is_refused_before_anything_is_written(
    analysts: Change, facts: Facts, tmp_path: Path, headline: str, why: str
) -> None:
    folder, published = written(tmp_path / "own", headline), tmp_path / "p"
    with pytest.raises(NarrativeError) as refused:
        publish(facts(), analysts=analysts(), published=published, narrative=folder)
    assert str(refused.value).startswith(f"narrative/{NAME}, line 2: ")
    assert str(refused.value).endswith(why)
    assert not list(published.rglob("manifest.json"))


@pytest.mark.parametrize(
    ("symbol", "why"),
    [("[c]", "is hidden, to protect people"), ("[x]", "has no value"), ("[z]", "has no value")],
)
def test_a_hidden_cell_is_refused(selections: list[Selection], symbol: str, why: str) -> None:
    own = OwnHeadline(headline=SAID, by="Head of News")
    assert text_of(render_own(own, selections, "f")) == "Some 67% of our money stayed here"
    (spend,) = [one for one in selections if one.table.name == "local_spend"]
    at = [column.name for column in spend.table.columns].index("percent_of_known")
    rows = [
        tuple(Cell(None, symbol) if n == at else c for n, c in enumerate(row)) for row in spend.rows
    ]
    with pytest.raises(NarrativeError, match=why):
        render_own(own, [replace(spend, rows=tuple(rows))], "f")


def test_only_its_own_release_keeps_it(tmp_path: Path) -> None:
    places = replace(PLACES, narrative=written(tmp_path / "own", SAID))
    assert not [path for path in edited_files(places) if NAME in path]
    assert set(own_headline(places, "quarterly", QUARTER)) == {f"narrative/{NAME}"}
    for publication, label in (("quarterly", "2022-23 Q2"), ("annual", "2022-23")):
        assert own_headline(places, publication, read_period(label)) == {}
    assert name_of_headline("annual", read_period("2022-23")) == "headline_annual_2022-23.yaml"


def test_what_can_be_known_without_figures_is_known_to_check(tmp_path: Path) -> None:
    def faults(headline: str) -> list[str]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        written(folder / "narrative", headline)
        return [one.what for one in cell_faults(folder, PLACES, [f"narrative/{NAME}"])]

    assert faults(SAID) == []
    assert faults("{stories.title[story_number=1]}") == ["the release has no table stories"]
    assert faults("{indicators.nothing[indicator_id=C01]}") == [
        "table indicators has no column nothing"
    ]
    assert faults("{indicators.value[indicator_id=C99]}") == [
        "'C99' is no indicator that is published"
    ]
