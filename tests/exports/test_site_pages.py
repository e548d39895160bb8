"""The pages: whole, self-contained, the same bytes each time, and made of table cells."""

import re
from pathlib import Path

import pytest

from exports.site.pages import slug
from tests.support.definitions import PLACES
from tests.support.linked_pages import Page, dead_links
from tests.support.site_made import HOSTILE, Made, make_site

CELLS = r"<data.*?</data>|<a .*?</a>|<span class=.code.*?</span>|<svg.*?</svg>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make_site(tmp_path_factory.mktemp("site"))


def page(made: Made, path: str) -> str:
    return (made.second.path / "site" / path).read_text("utf-8")


def test_every_link_leads_to_a_file_or_a_place_that_is_there(made: Made) -> None:
    assert len(made.pages) > 30
    assert not list(dead_links(made.pages))


def test_every_page_can_be_reached_from_the_list_of_releases(made: Made) -> None:
    reached = {made.published / "index.html"}
    waiting = list(reached)
    while waiting:
        here = waiting.pop()
        for link in Page(here).links:
            there = (here.parent / link.partition("#")[0]).resolve()
            if there.suffix == ".html" and there not in reached:
                reached.add(there)
                waiting.append(there)
    assert {path.resolve() for path in made.pages} <= reached


def test_no_page_needs_a_script_or_anything_from_elsewhere(made: Made) -> None:
    for path in made.pages:
        one = Page(path)
        assert not one.tags & {"script", "iframe", "img", "object", "embed", "video"}
        assert set(one.loads) <= {"data:,"}
        inward = re.sub(r'<a href="https://[^"]*"|http://www.w3.org', "", one.text)
        assert not re.search(r"url\(|@import|//[a-z]+\.", inward)
        assert "default-src 'none'" in one.text


def test_no_name_stands_twice_on_a_page(made: Made) -> None:
    for path in made.pages:
        ids = Page(path).ids
        assert len(ids) == len(set(ids)), path


def test_text_from_returns_is_never_run(made: Made) -> None:
    assert HOSTILE not in "".join(path.read_text("utf-8") for path in made.pages)
    assert "&lt;script&gt;" in page(made, "tables/indicators.html")


def test_two_sites_of_the_same_rows_have_the_same_bytes(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    again = make_site(tmp_path / "again")
    assert again.first.files == made.first.files
    assert again.second.files == made.second.files
    index = (made.published / "index.html").read_bytes()
    assert (again.published / "index.html").read_bytes() == index


def test_what_needs_action_comes_first_and_overrides_before_it(made: Made) -> None:
    text = page(made, "index.html")
    order = ["Published although something blocked it", "What needs action", "At a glance"]
    places = [text.index(f">{heading}<") for heading in order]
    assert places == sorted(places)
    assert "F1: overridden by A. Officer, because the finding is under way" in text


def test_every_number_in_words_says_which_cell_it_is(made: Made) -> None:
    text = page(made, "index.html")
    main = text[
        text.index("<main") : text.index('id="map"' if 'id="map"' in text else 'id="changes"')
    ]
    parts = re.findall(r"<(?:li|p|td|th)\b[^>]*>(.*?)</(?:li|p|td|th)>", main, re.DOTALL)
    sentences = [one for one in parts if "data-cell" in one]
    assert len(sentences) > 3
    for sentence in sentences:
        told = sentence.partition("<p>")[0]
        bare = re.sub(CELLS, "", told, flags=re.DOTALL)
        assert not re.search(r"\d", bare.replace("2022-23 Q1", "")), sentence


def test_a_number_in_words_leads_to_the_row_it_stands_in(made: Made) -> None:
    text = page(made, "index.html")
    told = re.search(r'data-cell="(\w+) (\d+) percent_of_known">([^<]+)</data>%?', text)
    assert told
    table = Page(made.second.path / "site" / "tables" / f"{slug(told[1])}.html")
    row = table.text[table.text.index(f'id="{slug(told[1])}-row-{told[2]}"') :]
    assert told[3].removesuffix("%") in row[: row.index("</tr>")]


def test_a_table_shows_every_cell_that_the_csv_has(made: Made) -> None:
    text = page(made, "tables/spend-by-place.html")
    for shown in ("1,003,858,435.21", "7.00", "17.00", "[z]", "[low]", "Location unknown"):
        assert shown in text, shown
    assert "Quarter:</dt><dd>2022-23 Q1" in text  # said once, not in every row


def test_a_page_of_an_indicator_has_all_that_a_reader_asks(made: Made) -> None:
    text = page(made, "indicators/c01.html")
    for heading in ("How it is worked out", "Coverage", "Revisions", "How to trace it"):
        assert f">{heading}<" in text
    assert 'social-value trace value C01 "2022-23 Q1"' in text.replace("&#34;", '"')
    assert "social-value verify quarterly/2022-23-Q1/r2" in text
    assert '<svg class="chart" role="img"' in text
    assert "66.7%" in text  # coverage
    employer = page(made, "indicators/e01.html")
    assert "[c]" in employer
    assert "1 to 4 are hidden" in employer


def test_a_correction_has_a_page_of_what_changed_and_the_front_page_one_paragraph(
    made: Made,
) -> None:
    front, changed = page(made, "index.html"), page(made, "changes.html")
    told = front[front.index("What changed since revision 1") :]
    assert "1 figure differs in 1 table. Why: 1 return was sent again." in told
    assert "<table" not in told
    for text in ("-12.30", "7.00", "Location unknown", "Net spend"):
        assert text in changed, text
    assert "Nothing of this indicator differs" in page(made, "indicators/c05.html")
    first = made.first.path / "site"
    assert "What changed" not in (first / "index.html").read_text("utf-8")
    assert not (first / "changes.html").exists()


def test_the_list_shows_the_newest_revision_and_what_it_superseded(made: Made) -> None:
    text = (made.published / "index.html").read_text("utf-8")
    newest, older = text.index("r2/site/index.html"), text.index("r1/site/index.html")
    assert newest < text.index("Superseded") < older
    assert "published although something blocked it" in text


def test_a_new_table_needs_one_file_to_stand_everywhere(made: Made) -> None:
    # grades.yaml came beside the tables that ship; nothing else names it
    code = [path.read_text("utf-8") for path in PLACES.tables.parent.rglob("*.py")]
    assert not any("pub_grades" in text for text in code)
    for path in ("tables.html", "downloads.html", "indicators/e01.html"):
        assert "People by grade and sex" in page(made, path)
