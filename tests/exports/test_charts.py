"""Charts: right in their figures, said in words, legible at any width."""

import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from exports.edition.facts import Edition
from exports.site.charts import charts_of
from exports.site.drawing.svg import Point, bars
from tests.support.exports_made import TABLES, Change, Facts, chosen

SVG = "{http://www.w3.org/2000/svg}"


def point(label: str, value: str | None) -> Point:
    return Point(label, None if value is None else Decimal(value), value or "not available")


def rects(svg: str, kind: str) -> list[tuple[str, str]]:
    found = ET.fromstring(svg).iter(f"{SVG}rect")
    return [(one.get("x", ""), one.get("width", "")) for one in found if one.get("class") == kind]


def test_bars_are_as_long_as_their_figures() -> None:
    svg = bars("b", "T", [point("one", "50"), point("two", "12.5"), point("three", "0")])
    assert rects(svg, "bar") == [("0.00%", "100.00%"), ("0.00%", "25.00%")]
    svg = bars("b", "T", [point("one", "50")], Decimal(100))
    assert rects(svg, "bar") == [("0.00%", "50.00%")]


def test_a_negative_figure_goes_the_other_way_from_nought() -> None:
    svg = bars("b", "T", [point("in", "30"), point("out", "-10")])
    assert rects(svg, "bar") == [("25.00%", "75.00%")]
    assert rects(svg, "bar minus") == [("0.00%", "25.00%")]


def test_what_is_not_available_has_no_bar_and_says_so() -> None:
    svg = bars("b", "T", [point("one", None), point("two", "1")])
    assert len(rects(svg, "bar")) == 1
    assert "one: not available; two: 1." in svg


def test_a_chart_has_a_title_and_says_all_of_its_figures() -> None:
    root = ET.fromstring(bars("b", "A & B", [point("<x>", "1")]))
    assert root.get("role") == "img"
    named = {root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")}  # type: ignore[union-attr]
    assert set(str(root.get("aria-labelledby")).split()) == named
    assert root.findtext(f"{SVG}title") == "A & B"
    assert root.findtext(f"{SVG}desc") == "Bar chart. <x>: 1."


@pytest.mark.parametrize("name", ["local_spend", "prompt_payment", "spend_by_place"])
def test_a_table_draws_the_charts_it_asks_for_from_its_published_cells(
    analysts: Change, facts: Facts, name: str
) -> None:
    selection = chosen(analysts(), TABLES[name])
    drawn = charts_of(Edition(facts(), 1, "final", []), selection)
    if name == "prompt_payment":
        assert drawn == []  # no row of the days that payments took
    else:
        assert "67%" in drawn[0].svg or "£1 billion" in drawn[0].svg
