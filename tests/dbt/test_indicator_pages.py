"""Each indicator has a page that says what the registry says, with an example that comes out.

The examples were worked by hand from the rows in docs/indicators/rows; the models work them out.
"""

import csv
import re

import pytest

from tests.support.definitions import PLACES
from tests.support.in_memory import World
from tests.support.indicator_pages import PAGES, ROWS, SECTIONS, Page, disagreements, pages

with (PLACES.seeds / "indicators.csv").open(encoding="utf-8", newline="") as stream:
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


def test_what_the_pages_leave_out_of_spend_is_what_the_rows_leave_out(world: World) -> None:
    said = re.compile(r"no purchases \(`spend_exclusions`[^:)]*(?:\): |: )([a-z, ]+)")
    with (PLACES.seeds / "spend_exclusions.csv").open(encoding="utf-8", newline="") as stream:
        excluded = {row["kind"] for row in csv.DictReader(stream)}
    for number in ("C01", "C02", "C03", "C04", "C05"):
        page = next(page for page in ALL if page.indicator == number)
        (words,) = said.findall(page.sections["What is left out"])
        assert set(words.split(", ")) == excluded == {"taxes", "grants", "pay"}
    # of the rows it is a grant that buys nothing, and no figure of spend has it
    left_out = world.connection.execute(
        "select expense_type, amount, exclusion_reason from model.marts.fct_payments "
        "where exclusion_reason is not null"
    ).fetchall()
    assert left_out == [("Grants to Providers", 5000, "Grant: money given and not a purchase")]
    counted = world.connection.execute(
        "select distinct indicator_id from model.marts.fct_indicator_contributions as rows "
        "inner join model.marts.fct_payments as paid using (_return_id, _sheet, _row) "
        "where paid.exclusion_reason is not null"
    ).fetchall()
    assert counted == []
