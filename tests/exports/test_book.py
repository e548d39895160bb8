"""A release as one PDF: tagged, titled, in a language; its numbers the release's; bytes repeat."""

import csv
import html
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exports.pdf.typesetting import said, string, typeset
from exports.release.publish import Release
from tests.support.year_made import Year, fill_year, publish_year

CELL = re.compile(r'<data[^>]* value="([^"]*)" data-cell=')
FEWEST_LINES = 15
MOST_IN_A_PICTURE = 4
PDFTOTEXT = shutil.which("pdftotext")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    return publish_year(fill_year(folder / "analysts.duckdb"), folder / "published")


def book(release: Release) -> Path:
    (found,) = release.path.glob("*.pdf")
    return found


def releases(year: Year) -> tuple[Release, Release]:
    return year.quarterly, year.annual


def words_of(path: Path) -> str:
    """What a PDF says, on one line."""
    assert PDFTOTEXT
    made = subprocess.run([PDFTOTEXT, "-raw", str(path), "-"], capture_output=True, check=True)
    return " ".join(made.stdout.decode("utf-8").split())


def test_it_is_tagged_and_says_its_title_and_language(year: Year) -> None:
    for release, title in zip(releases(year), ("quarterly report", "Annual Review"), strict=True):
        held = book(release).read_bytes()
        assert held.startswith(b"%PDF-1.7")
        assert b"/StructTreeRoot" in held
        assert re.search(rb"/Marked true", held)
        assert re.search(rb"/Lang ?\(en-GB\)", held)
        assert b"<pdfuaid:part>1</pdfuaid:part>" in held
        assert title.encode() in held[held.index(b"<dc:title>") :][:300]
        assert len(held) < 300 * 1024
    assert re.search(rb"/Alt ?[(<]", book(year.annual).read_bytes())


@pytest.mark.skipif(PDFTOTEXT is None, reason="Poppler is not installed")
def test_its_numbers_are_those_of_the_pages(year: Year) -> None:
    printed = words_of(book(year.annual))
    chapters = sorted((year.annual.path / "site" / "chapters").glob("*.html"))
    pages = [year.annual.path / "site" / "index.html", *chapters]
    cells = {html.unescape(one) for page in pages for one in CELL.findall(page.read_text("utf-8"))}
    assert len(cells) > 60
    assert {one for one in cells if " ".join(one.split()) not in printed} == set()


@pytest.mark.skipif(PDFTOTEXT is None, reason="Poppler is not installed")
def test_it_says_every_sentence_of_the_release(year: Year) -> None:
    for release in releases(year):
        printed = words_of(book(release)).replace(" ", "")
        with (release.path / "words.csv").open(encoding="utf-8", newline="") as lines:
            sections = ("glance", "improve", "employer-staff", "commissioner-cost")
            told = [row["sentence"] for row in csv.DictReader(lines) if row["section"] in sections]
        assert len(told) > 3
        for sentence in told:
            assert sentence.replace(" ", "") in printed, sentence


@pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext is not installed")
def test_no_page_holds_a_chart_alone_or_a_few_lines(year: Year) -> None:
    for release in releases(year):
        pages = _lines_by_page(book(release))[1:-1]  # the cover, and where the book ends
        assert min(pages) >= FEWEST_LINES, pages


def test_what_is_promised_is_drawn_in_pictures_between_which_a_page_may_break(year: Year) -> None:
    """One picture of every measure is as tall as a page: it left two thirds of the one before."""
    drawn = [one for one in _alternatives(book(year.annual)) if one.startswith("Promised by")]
    measures = [one.count(" due, ") for one in drawn]
    with (year.quarterly.path / "tables/measures.csv").open(encoding="utf-8", newline="") as lines:
        due = [row for row in csv.DictReader(lines) if float(row["due_to_date"] or 0)]
    assert sum(measures) == len(due)
    assert max(measures) == MOST_IN_A_PICTURE < len(due)


def _alternatives(path: Path) -> list[str]:
    """What each picture of a PDF says in words."""
    found = re.findall(rb"/Alt ?(?:\(((?:\\.|[^)\\])*)\)|<([0-9A-F]+)>)", path.read_bytes())
    return [
        bytes.fromhex(coded.decode()).decode("utf-16") if coded else plain.decode("latin-1")
        for plain, coded in found
    ]


def _lines_by_page(path: Path) -> list[int]:
    assert PDFTOTEXT
    made = subprocess.run([PDFTOTEXT, "-layout", str(path), "-"], capture_output=True, check=True)
    pages = made.stdout.decode("utf-8").split("\f")[:-1]
    return [sum(bool(line.strip()) for line in page.splitlines()) for page in pages]


def test_equal_words_give_equal_bytes(year: Year, tmp_path: Path) -> None:
    again = publish_year(fill_year(tmp_path / "analysts.duckdb"), tmp_path / "published", "2")
    for one, other in zip(releases(year), releases(again), strict=True):
        assert book(one).read_bytes() == book(other).read_bytes()


def test_a_text_is_never_markup() -> None:
    hostile = r'#panic("no") *bold* $x$ "quoted" \ end'
    made = typeset("A title", "An author", datetime(2023, 6, 2, tzinfo=UTC), [said(hostile)])
    assert made.startswith(b"%PDF")
    assert string(hostile) == r'"#panic(\"no\") *bold* $x$ \"quoted\" \\ end"'
