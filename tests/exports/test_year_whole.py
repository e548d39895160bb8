"""Both publications of a year with rows in every table: whole, and the same bytes twice."""

import csv
import json
from pathlib import Path

import pytest

from exports.definitions.table import every_table
from tests.support.accessible_workbook import check_workbook
from tests.support.definitions import PLACES
from tests.support.year_made import ROWS, Year, fill_year, publish_year


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Year, Year]:
    """The two publications, published twice from the same rows into two places."""
    folder = tmp_path_factory.mktemp("years")
    analysts = fill_year(folder / "analysts.duckdb")
    return publish_year(analysts, folder / "one", "1"), publish_year(analysts, folder / "two", "2")


def test_two_runs_differ_in_nothing_but_the_receipt(years: tuple[Year, Year]) -> None:
    first, second = years
    for one, other in ((first.quarterly, second.quarterly), (first.annual, second.annual)):
        assert one.files.keys() == other.files.keys()
        differ = {path for path, digest in one.files.items() if other.files[path] != digest}
        assert differ == {"receipt.json"}
    indexes = [year.published / "index.html" for year in years]
    assert indexes[0].read_bytes() == indexes[1].read_bytes()


def test_every_table_of_both_publications_has_rows(years: tuple[Year, Year]) -> None:
    held = json.loads(ROWS.read_text(encoding="utf-8"))
    for table in every_table(PLACES.tables):
        if table.only_with_rows:
            continue
        assert held[table.source]["rows"], table.source
        for publication in table.publications:
            release = years[0].quarterly if publication == "quarterly" else years[0].annual
            with (release.path / "tables" / f"{table.name}.csv").open(encoding="utf-8") as lines:
                assert list(csv.DictReader(lines)), table.name


def test_people_in_both_publications_are_protected(years: tuple[Year, Year]) -> None:
    for release in (years[0].quarterly, years[0].annual):
        hidden = Path(release.path, "disclosure.csv").read_text(encoding="utf-8")
        assert "workforce" in hidden
        assert "[c]" in Path(release.path, "tables", "workforce.csv").read_text(encoding="utf-8")


def test_both_workbooks_meet_the_checklist(years: tuple[Year, Year]) -> None:
    for release in (years[0].quarterly, years[0].annual):
        assert check_workbook(next(Path(release.path).glob("*.xlsx"))) == []
