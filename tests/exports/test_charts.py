"""Charts: right in their figures, said in words, legible at any width."""

import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from pydantic import ValidationError

from exports.definitions.table import TableDefinition, every_table
from exports.edition.facts import Edition
from exports.figures.cell import Cell
from exports.figures.selection import Selection
from exports.site.charts import charts_of
from exports.site.drawing.svg import Point, bars
from tests.support.definitions import PLACES
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


def test_each_row_that_is_estimated_is_drawn_with_its_range_and_others_are_not(
    facts: Facts,
) -> None:
    names = ("measure_id", "measure", "unit", "gross", "net_low", "net_central", "net_high")
    rows = [
        ("M19", "Trees planted", "trees", "587", "294", "440", "528"),
        ("M04", "Weeks", "weeks", "99", "[x]", "[x]", "[x]"),
    ]
    table = next(one for one in every_table(PLACES.tables) if one.name == "additionality")
    cells = tuple(
        tuple(
            cell(dict(zip(names, row, strict=True)).get(one.name, "[x]")) for one in table.columns
        )
        for row in rows
    )
    (drawn,) = charts_of(Edition(facts(), 1, "final", []), Selection(table, cells))
    assert (
        drawn.title == "What would not have happened anyway: Trees planted: 440 trees of 587 trees"
    )
    assert "somewhere from 294 trees to 528 trees" in drawn.svg


def cell(text: str) -> Cell:
    if text == "[x]":
        return Cell(None, text)
    return Cell(Decimal(text) if text.isdigit() else text)


def test_estimates_have_a_low_a_central_and_a_high_column() -> None:
    table = next(one for one in every_table(PLACES.tables) if one.name == "additionality")
    declared = table.model_dump()
    for kind, between in (("estimates", ["net_low"]), ("bars", ["net_low"] * 3)):
        chart = {**declared["charts"][0], "kind": kind, "between": between}
        with pytest.raises(ValidationError, match="low, central, high"):
            TableDefinition.model_validate({**declared, "charts": [chart]})
