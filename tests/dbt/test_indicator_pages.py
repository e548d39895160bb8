"""Each indicator has a page that says what the registry says, with an example that comes out.

The examples were worked by hand from the rows in docs/indicators/rows; the models work them out.
"""

import csv

import pytest

from flows.common.settings import PROJECT
from tests.support.in_memory import World
from tests.support.indicator_pages import PAGES, ROWS, SECTIONS, Page, disagreements, pages

with (PROJECT / "dbt" / "seeds" / "indicators.csv").open(encoding="utf-8", newline="") as stream:
    REGISTRY = {row["indicator_id"]: row for row in csv.DictReader(stream)}
ALL = pages()


def test_every_indicator_of_the_registry_has_its_page_and_stands_in_the_list() -> None:
    assert [page.indicator for page in ALL] == sorted(REGISTRY)
    listed = (PAGES / "README.md").read_text(encoding="utf-8")
    for page in ALL:
        row = REGISTRY[page.indicator]
        line = (
            f"| [{page.indicator}]({page.indicator}.md) | {row['title']} | {row['role']} "
            f"| {row['theme']} | {row['unit']} |"
        )
        assert line in listed.splitlines()


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.indicator)
def test_a_page_says_what_the_registry_says(page: Page) -> None:
    row = REGISTRY[page.indicator]
    assert page.title == f"{page.indicator} {row['title']}"
    assert page.facts == (
        f"Role: {row['role']}. Theme: {row['theme']}. Unit: {row['unit']}. Rule: {row['rule']}."
    )
    assert list(page.sections) == SECTIONS
    assert all(page.sections.values())
    assert page.sections["What it is"] == row["definition"]
    assert page.sections["Rule"].splitlines() == [
        f"- Above the line: {row['numerator_is']}",
        f"- Below the line: {row['denominator_is']}",
    ]
    assert page.sections["Source"].startswith(f"{row['source']}. Licence: {row['licence']}.")
    assert ("illustrative" in page.sections["Source"]) == (row["illustrative"] == "yes")


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.indicator)
def test_a_page_names_the_rows_of_its_example(page: Page) -> None:
    named = [
        path.stem
        for path in ROWS.glob("*.csv")
        if f"(rows/{path.name})" in page.sections["Worked example"]
    ]
    fed_by = REGISTRY[page.indicator]["fed_by"]
    assert fed_by in named


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.indicator)
def test_the_models_work_out_what_the_page_works_out(page: Page, world: World) -> None:
    assert page.example
    assert disagreements(page, world.figures()) == []
