"""A release whose tables count people: what goes out, what is remembered, what is not."""

import csv
import json
import shutil
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from exports.edition.facts import Override
from exports.release.publish import Release
from tests.support.accessible_workbook import check_workbook
from tests.support.definitions import PLACES, publish
from tests.support.exports_made import Change, Facts
from tests.support.people_table import DEFINITION, MODEL


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """The tables as they ship, and one of people."""
    folder = tmp_path / "tables"
    shutil.copytree(PLACES.tables, folder)
    (folder / "grades.yaml").write_text(DEFINITION, encoding="utf-8")
    return folder


def cell(release: Release, **where: str) -> str:
    with (release.path / "tables" / "grades.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if where.items() <= row.items()]
    assert len(rows) == 1
    return rows[0]["people"]


def test_hidden_cells_are_hidden_in_every_format(
    analysts: Change, facts: Facts, tables: Path, tmp_path: Path
) -> None:
    release = publish(
        facts(), analysts=analysts(MODEL.format(high=4)), published=tmp_path / "p", tables=tables
    )
    assert cell(release, grade="High", sex="Female") == "[c]"
    assert cell(release, grade="Low", sex="Male") == "20"
    parquet = release.path / "tables" / "grades.parquet"
    found = duckdb.sql(f"select people from '{parquet}' where grade = 'High' and sex = 'Female'")
    assert found.fetchall() == [(None,)]
    workbook = next(release.path.glob("*.xlsx"))
    assert check_workbook(workbook) == []
    book = load_workbook(workbook)
    texts = {str(c.value) for row in book["Grades"].iter_rows() for c in row}
    assert "[c]" in texts
    assert "4" not in texts
    assert any("1 to 4 are hidden" in str(row[1].value) for row in book["Notes"].iter_rows())
    described = json.loads((release.path / "tables/grades.csv-metadata.json").read_bytes())
    assert described["tableSchema"]["columns"][3]["null"] == ["[c]"]


def test_the_manifest_states_the_rule_and_the_reasons_stay_behind(
    analysts: Change, facts: Facts, tables: Path, tmp_path: Path
) -> None:
    release = publish(
        facts(), analysts=analysts(MODEL.format(high=4)), published=tmp_path / "p", tables=tables
    )
    manifest = json.loads((release.path / "manifest.json").read_bytes())
    assert manifest["disclosure"]["thresholds"]["threshold"] == 5
    assert manifest["disclosure"]["tables"]["grades"] == "graded staff"
    public = (release.path / "disclosure.csv").read_text("utf-8")
    assert public.startswith("table,population,protected_cells,hidden_cells\n")
    assert "\ngrades,graded staff,18," in public
    assert "primary" not in public
    assert "grades,primary cells,1\n" in release.disclosure
    every = "".join(
        path.read_text("utf-8", errors="replace")
        for path in release.path.rglob("*")
        if path.is_file()
    )
    assert "primary cells" not in every


ROWS_OF_PEOPLE = """
insert into publication.pub_returns values
    ('2022-23 Q1', 'hr_workforce', 'lcrca', '2022-23 Q1', '', '2022-07-10',
     '2022-07-05 09:30:00', 'loaded', 0, 978, 1, 0);
insert into publication.pub_data_quality values
    ('2022-23 Q1', 'hr_workforce', 'apprentice_has_a_start', 'warn', 'completeness', 1, 3, 0),
    ('2022-23 Q1', 'finance_payments', 'amount_is_given', 'reject', 'completeness', 2, 1200, 7);
"""


def test_rows_of_returns_that_list_people_are_not_counted(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    release = publish(facts(), analysts=analysts(ROWS_OF_PEOPLE), published=tmp_path / "p")

    def counts(table: str, returned: str, *columns: str) -> list[str]:
        with (release.path / "tables" / f"{table}.csv").open(encoding="utf-8") as lines:
            row = next(row for row in csv.DictReader(lines) if row["return"] == returned)
        return [row[name] for name in columns]

    received = ("returns_received", "rows_loaded", "rows_quarantined", "rows_dropped")
    assert counts(received[0], "hr_workforce", *received[1:]) == ["[c]", "[c]", "0"]
    checked = ("data_quality", "returns_checked", "rows_checked", "rows_failed")
    assert counts(checked[0], "hr_workforce", *checked[1:]) == ["1", "[c]", "0"]
    assert counts(checked[0], "finance_payments", *checked[1:]) == ["2", "1200", "7"]
    parquet = release.path / "tables" / "data_quality.parquet"
    found = duckdb.sql(f"select rows_checked from '{parquet}' where \"return\" = 'hr_workforce'")
    assert found.fetchall() == [(None,)]
    public = (release.path / "disclosure.csv").read_text("utf-8")
    assert "\ndata_quality,rows about people,2,1\n" in public


def test_publishing_the_same_people_again_changes_nothing(
    analysts: Change, facts: Facts, tables: Path, tmp_path: Path
) -> None:
    path = analysts(MODEL.format(high=4))
    first = publish(facts(), analysts=path, published=tmp_path / "p", tables=tables)
    again = publish(facts(run="2"), analysts=path, published=tmp_path / "p", tables=tables)
    assert (again.changed, again.name) == (False, first.name)
    assert again.disclosure == first.disclosure


# The made-up spend of the second quarter is next to nothing: that large movement is meant.
MOVED = "local_spend amount_all (2022-23 Q2, Liverpool City Region): 40.00 from 1600000000.10"


def test_a_joiner_in_the_next_quarter_stays_hidden_because_of_the_last(
    analysts: Change, facts: Facts, tables: Path, tmp_path: Path
) -> None:
    path = analysts(MODEL.format(high=4))
    alone = publish(
        facts(period="2022-23 Q2"), analysts=path, published=tmp_path / "alone", tables=tables
    )
    assert cell(alone, grade="High", sex="Female") == "5"
    publish(facts(), analysts=path, published=tmp_path / "p", tables=tables)
    later = facts(Override(MOVED, "A. Officer", "made up"), period="2022-23 Q2")
    second = publish(later, analysts=path, published=tmp_path / "p", tables=tables)
    assert cell(second, grade="High", sex="Female") == "[c]"


def test_a_correction_tells_what_changed_without_telling_how_many(
    analysts: Change, facts: Facts, tables: Path, tmp_path: Path
) -> None:
    publish(
        facts(), analysts=analysts(MODEL.format(high=9)), published=tmp_path / "p", tables=tables
    )
    second = publish(
        facts(sha="c"),
        analysts=analysts(MODEL.format(high=2)),
        published=tmp_path / "p",
        tables=tables,
    )
    changes = (second.path / "changes.csv").read_text("utf-8")
    assert "sex=Female,people,10,[c]" in changes
    assert cell(second, grade="High", sex="Female") == "[c]"
