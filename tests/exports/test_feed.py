"""What says who publishes: footers, feed, map of pages, licence in the files for machines."""

import csv
import json
import re
import shutil
import xml.etree.ElementTree as ET
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from exports.edition.facts import ReleaseFacts
from exports.narrative.words_file import read_headline, read_news
from exports.site.shelf import write_index
from flows.common.settings import settings_for
from flows.warehouse.releases import check_published
from tests.support.definitions import PLACES, publish
from tests.support.exports_made import make_analysts, make_facts

ATOM, MAP = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def of_the_demo(facts: ReleaseFacts) -> ReleaseFacts:
    """The facts with the demo's authority among their definitions."""
    told = (PLACES.authority / "authority.yaml").read_bytes()
    definitions = {**facts.definitions, "authority/authority.yaml": told}
    return ReleaseFacts(**{**facts.__dict__, "definitions": definitions})


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feed")
    analysts = make_analysts(folder / "analysts.duckdb")
    publish(of_the_demo(make_facts()), analysts=analysts, published=folder / "published")
    return folder / "published"


def test_the_footer_says_who_publishes_when_the_next_comes_and_under_which_licence(
    published: Path,
) -> None:
    page = (published / "quarterly/2022-23-Q1/r1/site/index.html").read_text("utf-8")
    foot = page[page.index("<footer") :]
    for text in (
        "Liverpool City Region Combined Authority",
        "mailto:social.value@example.org",
        "Open Government Licence v3.0",
        "28 October 2022",  # twenty working days after the end of September
    ):
        assert text in foot, text
    assert date(2022, 10, 28).weekday() == 4
    index = (published / "index.html").read_text("utf-8")
    assert "mailto:social.value@example.org" in index
    assert 'href="feed.xml"' in index


def test_the_list_of_releases_tells_the_news_of_each(published: Path) -> None:
    release = published / "quarterly/2022-23-Q1/r1"
    page = (release / "site/index.html").read_text("utf-8")
    (title,) = re.findall(r"<h1>(.*?)</h1>", page)
    assert unescape(title) == read_headline(release) != ""
    assert f"<br>{title}" in (published / "index.html").read_text("utf-8")
    with (release / "words.csv").open(encoding="utf-8", newline="") as lines:
        first = next(csv.DictReader(lines))
    assert (first["section"], first["sentence"]) == ("headline", read_headline(release))


def test_two_quarters_with_one_headline_differ_by_their_figures(tmp_path: Path) -> None:
    assert read_news(tmp_path) == ""
    words = tmp_path / "words.csv"
    words.write_text("section,sentence,cells\nglance,Other.,a; b\n", "utf-8")
    assert read_news(tmp_path) == ""
    figure, moved = (
        "headline,5% of it.,a = 5\n",
        'headline,"5% of it, down from 7%.",a = 5; b = 7\n',
    )
    words.write_text(f"section,sentence,cells\nheadline,Less of it,\n{figure}{moved}", "utf-8")
    assert read_headline(tmp_path) == "Less of it"
    assert read_news(tmp_path) == "5% of it, down from 7%."


def test_the_feed_names_each_release_by_its_address(published: Path) -> None:
    feed = ET.parse(published / "feed.xml").getroot()
    (entry,) = feed.findall(f"{ATOM}entry")
    address = "https://social-value.example.org/quarterly/2022-23-Q1/r1/site/index.html"
    assert entry.findtext(f"{ATOM}id") == address
    assert entry.findtext(f"{ATOM}title") == "Quarterly report, 2022-23 Q1"
    assert entry.findtext(f"{ATOM}updated") == "2022-07-11T09:30:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Liverpool City Region Combined Authority"


def test_the_map_has_every_page_and_nothing_else(published: Path) -> None:
    pages = {one.text for one in ET.parse(published / "sitemap.xml").iter(f"{MAP}loc")}
    there = {path.relative_to(published).as_posix() for path in published.rglob("*.html")}
    assert pages == {f"https://social-value.example.org/{path}" for path in there}


def test_the_same_releases_make_the_same_feed(published: Path) -> None:
    before = {name: (published / name).read_bytes() for name in ("feed.xml", "sitemap.xml")}
    write_index(published)
    assert before == {name: (published / name).read_bytes() for name in before}


def test_without_an_address_there_is_no_feed(tmp_path: Path) -> None:
    analysts = make_analysts(tmp_path / "analysts.duckdb")
    publish(make_facts(), analysts=analysts, published=tmp_path / "published")
    assert not (tmp_path / "published" / "feed.xml").exists()
    assert not (tmp_path / "published" / "sitemap.xml").exists()


def test_files_for_machines_say_publisher_and_licence(published: Path) -> None:
    folder = published / "quarterly/2022-23-Q1/r1"
    described = json.loads((folder / "tables/indicators.csv-metadata.json").read_text("utf-8"))
    assert described["dc:publisher"]["schema:name"] == "Liverpool City Region Combined Authority"
    assert described["dc:license"]["@id"].startswith("https://www.nationalarchives.gov.uk/")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["licenses"][0]["title"] == "Open Government Licence v3.0"
    with (folder / "tables/indicators.csv").open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == 2


def test_a_feed_that_was_changed_is_seen_by_the_audit(published: Path, tmp_path: Path) -> None:
    shutil.copytree(published, tmp_path / "published")
    settings = settings_for(tmp_path)
    before = {one.where for one in check_published(settings, [])}
    assert not any("feed" in where or "sitemap" in where for where in before)
    feed = tmp_path / "published" / "feed.xml"
    feed.write_text(feed.read_text("utf-8").replace("Quarterly", "Weekly"), "utf-8")
    after = {one.where for one in check_published(settings, [])}
    assert after - before == {"published/feed.xml"}


def test_an_authority_that_was_damaged_does_not_end_the_audit(
    published: Path, tmp_path: Path
) -> None:
    shutil.copytree(published, tmp_path / "published")
    told = tmp_path / "published/quarterly/2022-23-Q1/r1/definitions/authority/authority.yaml"
    told.write_text("id: [", "utf-8")
    faults = {one.what for one in check_published(settings_for(tmp_path), [])}
    assert faults == {"a release has no event"}
