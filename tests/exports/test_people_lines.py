"""A chapter's counts of people: lines of published cells, which say what their pages say."""

import re
from dataclasses import replace

from exports.edition.history import History, KnownQuarter
from exports.figures.cell import Cell
from exports.site.people_lines import AT_MOST, people_lines
from exports.site.series import series_of
from exports.site.trends import sentence_of
from flows.common.periods import read_period
from tests.support.exports_made import TABLES

LABELS = ["2021-22 Q3", "2021-22 Q4", "2022-23 Q1", "2022-23 Q2"]
NUMBERS = [f"E{number:02}" for number in range(1, 13)]


def shares(number: str, value: str) -> dict[str, str]:
    usual = {"basis": "known", "employer": "All", "status": "final", "target": "[z]"}
    return {"indicator_id": number, "percent_of_people": value, **usual}


def history(*numbers: str, value: str = "40", over: int = 4) -> History:
    quarters = [
        KnownQuarter(
            read_period(label), "", {"workforce_shares": [shares(one, value) for one in numbers]}
        )
        for label in LABELS[:over]
    ]
    return History(quarters, list(TABLES.values()))


def words(*numbers: str) -> list[dict[str, Cell]]:
    texts = {"title": "A title", "basis": "known", "figure": "Of all"}
    return [
        {name: Cell(text) for name, text in {"indicator_id": one, **texts}.items()}
        for one in numbers
    ]


def test_a_chapter_shows_the_published_lines_of_its_people_and_says_what_their_pages_say() -> None:
    past = history(*NUMBERS)
    found = people_lines(past, words(*NUMBERS), {"E02"})
    assert len(found) == AT_MOST
    assert "E02" not in {one.indicator for one in found}
    for one in found:
        series = series_of(past, one.indicator, {"known": "Of all"})
        assert one.sentence == sentence_of(series[0])
        assert one.page == f"indicators/{one.indicator.lower()}.html"
        assert not re.search(r"better|worse", one.sentence)


def test_a_line_needs_two_published_quarters_and_a_table_that_protects_people() -> None:
    assert len(people_lines(history("E02"), words("E02"), ())) == 1
    assert people_lines(history("E02", over=1), words("E02"), ()) == []
    for hidden in ("[c]", "0"):
        assert people_lines(history("E02", value=hidden), words("E02"), ()) == []
    past = history("E02")
    bare = [one.model_copy(update={"disclosure": None}) for one in past.tables]
    assert people_lines(replace(past, tables=bare), words("E02"), ()) == []
