"""The page of an indicator: its own rows, and how its figures are worked out, once."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from exports.definitions.table import every_table
from exports.edition.facts import Edition
from exports.edition.history import History
from exports.figures.cell import Cell
from exports.figures.display import of_a_thousand
from exports.figures.selection import Selection
from exports.site.indicators import FigureView, IndicatorView, indicator_views
from tests.support.definitions import PLACES
from tests.support.exports_made import chosen, make_analysts, make_facts
from tests.support.year_made import fill_year, publish_year

SQL = """
insert into publication.pub_definitions
    select quarter, number, 'Shares', 'employer', 'social', 'Who lives where.', short, 1, short,
        'Of all employees', 'per cent', 'ratio of sums', 'Employees', 'None', null,
        'yes', null, null, since, 'Contractors are left out.'
    from publication.pub_definitions cross join
        (values ('E02', 'known', null), ('E02', 'not known', null),
            ('E12', 'known', date '2022-04-01'), ('E03', 'known', null),
            ('E11', 'known', null))
        as added (number, short, since)
    where indicator_id = 'E01';
insert into publication.pub_workforce_shares
    select * replace ('E12' as indicator_id) from publication.pub_workforce_shares
"""


def views(folder: Path, *more: Selection) -> dict[str, IndicatorView]:
    analysts = make_analysts(folder / "a.duckdb", SQL)
    selections = [chosen(analysts, name) for name in ("definitions", "workforce_shares")] + [*more]
    found = indicator_views(Edition(make_facts(), 1, "final", []), selections, History())
    return {one.number: one for one in found}


def test_a_page_has_the_rows_of_its_indicator_and_of_no_other(tmp_path: Path) -> None:
    made = views(tmp_path)
    for number in ("E02", "E12"):
        (table,) = made[number].tables
        assert len(table.rows) == 2
        assert ("Indicator number", number) in table.same
    assert not made["E03"].tables


def test_figures_that_are_worked_out_alike_are_named_together(tmp_path: Path) -> None:
    home = views(tmp_path)["E02"]
    assert home.rules == [(["known", "not known"], "Of all employees. Rule: ratio of sums.")]
    assert home.divided_by == ""


def test_a_page_says_since_when_another_thing_is_counted(tmp_path: Path) -> None:
    ((_, words),) = views(tmp_path)["E12"].rules
    assert words == (
        "Of all employees. Rule: ratio of sums. What is counted changed on 1 April 2022:"
        " Contractors are left out. No figure before is compared with one after."
    )


def test_a_figure_of_a_table_stands_large_with_its_target_unless_it_is_hidden(
    tmp_path: Path,
) -> None:
    table = {one.name: one for one in every_table(PLACES.tables)}["apprenticeships"]
    figures = {"percent_of_people": Cell(Decimal("1.0")), "target": Cell(Decimal("2.3"))}
    row = tuple(figures.get(one.name, Cell("2022-23")) for one in table.columns)
    (card,) = views(tmp_path, Selection(table, (row,)))["E11"].cards
    assert (card.value, card.target) == ("1%", "2.3%")
    hidden = tuple(Cell(None, "[c]") if one is figures["percent_of_people"] else one for one in row)
    assert not views(tmp_path, Selection(table, (hidden,)))["E11"].cards


def listed(**said: object) -> str:
    """The verdict in the list of indicators."""
    texts = {"value": "less than £0.01", "value_before": "less than £0.01", "verdict": "worse"}
    figure = FigureView("a", "", "", has_row=True, is_given=True, texts=texts, **said)  # type: ignore[arg-type]
    view = IndicatorView(
        number="C01", title="", role="", theme="", definition="", details="", counted="",
        divided_by="", source="", is_illustrative=False, figures=[figure], tables=[], listed_in="",
        cautions=[], trend=None,
    )  # fmt: skip
    one = view.in_list("2022-23")
    assert one
    return one.verdict


def test_two_equal_texts_are_neither_better_nor_worse() -> None:
    assert listed() == "almost the same"


def test_a_fall_is_none_while_claims_are_not_checked() -> None:
    assert listed(unchecked="5 trees", none_yet="none checked yet").startswith("not known")
    assert listed(partly="Of 9 trees claimed.", is_down=True).startswith("not known")
    assert listed(partly="Of 9 trees claimed.") == "almost the same"


@pytest.mark.parametrize(
    ("value", "unit", "reads"),
    [
        ("0.000170", "GBP for each GBP", "£0.17 for each £1,000"),
        ("-0.0012", "GBP for each GBP", "-£1.20 for each £1,000"),
        ("0.02", "GBP for each GBP", ""),  # is a figure as it is
        ("0.000001", "GBP for each GBP", ""),
        ("0.000170", "GBP", ""),
    ],
)
def test_less_than_a_penny_for_each_pound_is_said_of_a_thousand(
    value: str, unit: str, reads: str
) -> None:
    assert of_a_thousand(Decimal(value), unit) == reads


def test_a_card_without_a_figure_says_what_the_figure_needs(tmp_path: Path) -> None:
    analysts = fill_year(tmp_path / "analysts.duckdb")
    with duckdb.connect(str(analysts)) as connection:
        connection.execute(
            "insert into publication.pub_definitions by name select distinct on (quarter)"
            " * replace ('F03' as indicator_id, 'wellbeing-central' as basis,"
            " 'Of measures with a wellbeing proxy' as figure_definition)"
            " from publication.pub_definitions"
        )
    year = publish_year(analysts, tmp_path / "published")
    page = (year.annual.path / "site" / "indicators" / "f03.html").read_text("utf-8")
    assert "<p>Not available. Of measures with a wellbeing proxy.</p>" in page
