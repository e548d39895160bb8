"""The page of an indicator: its own rows, and how its figures are worked out, once."""

from pathlib import Path

from exports.edition.facts import Edition
from exports.edition.history import History
from exports.site.indicators import IndicatorView, indicator_views
from tests.support.exports_made import chosen, make_analysts, make_facts

SQL = """
insert into publication.pub_definitions
    select quarter, number, 'Shares', 'employer', 'social', 'Who lives where.', short, 1, short,
        'Of all employees', 'per cent', 'ratio of sums', 'Employees', 'None', null,
        'yes', null, null, since, 'Contractors are left out.'
    from publication.pub_definitions cross join
        (values ('E02', 'known', null), ('E02', 'not known', null),
            ('E12', 'known', date '2022-04-01'), ('E03', 'known', null))
        as added (number, short, since)
    where indicator_id = 'E01';
insert into publication.pub_workforce_shares
    select * replace ('E12' as indicator_id) from publication.pub_workforce_shares
"""


def views(folder: Path) -> dict[str, IndicatorView]:
    analysts = make_analysts(folder / "a.duckdb", SQL)
    selections = [chosen(analysts, name) for name in ("definitions", "workforce_shares")]
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
