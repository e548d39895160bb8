"""The quarterly report and the Annual Review of a home with finance only: whole, and repeatable."""

import csv
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from exports.definitions.table import read_tables
from exports.edition.clearance import read_blocks
from exports.edition.facts import InputReturn, Override, ReleaseFacts
from exports.release.publish import NothingToPublish, Release
from flows.common.periods import Period, quarters_of, read_period
from tests.support.accessible_workbook import check_workbook
from tests.support.definitions import PLACES, publish
from tests.support.first_quarter import AS_OF

PUBLISHED = [("quarterly", "2022-23 Q1"), ("annual", "2022-23")]


def facts_of(analysts: Path, publication: str, period: Period, run: str) -> ReleaseFacts:
    """The facts of a release in spite of all that blocks it."""
    with duckdb.connect(str(analysts), read_only=True) as connection:
        blocks = read_blocks(connection, [one.label for one in quarters_of(period)])
    return ReleaseFacts(
        publication=publication,
        period=period,
        as_of=datetime.fromisoformat(AS_OF),
        ledger_head="e" * 64,
        definitions_digest="d" * 64,
        inputs=[InputReturn("p-1/2022-04", "finance_payments", "lcrca", "2022-04", "", "a" * 64)],
        overrides=[Override(what, "A. Officer", "a test") for what in {b.what for b in blocks}],
        receipt={"run": run},
    )


@pytest.mark.parametrize(("publication", "label"), PUBLISHED)
def test_two_runs_from_the_same_inputs_differ_in_nothing_but_the_receipt(
    built: Path, tmp_path: Path, publication: str, label: str
) -> None:
    analysts, made = built / "analysts.duckdb", list[Release]()
    for run in ("one", "two"):
        facts = facts_of(analysts, publication, read_period(label), run)
        made.append(publish(facts, analysts=analysts, published=tmp_path / run))
    first, second = made
    assert {path for path in first.files if first.files[path] != second.files.get(path)} == {
        "receipt.json"
    }
    assert first.files.keys() == second.files.keys()
    tables = read_tables(publication, PLACES.tables)
    names = {table.name for table in tables if not table.only_with_rows}
    assert {f"tables/{name}.csv" for name in names} <= first.files.keys()
    assert check_workbook(next(first.path.glob("*.xlsx"))) == []


def test_an_annual_review_shows_tables_of_quarters_as_at_the_last_quarter_with_rows(
    built: Path, tmp_path: Path
) -> None:
    analysts = built / "analysts.duckdb"
    facts = facts_of(analysts, "annual", read_period("2022-23"), "one")
    release = publish(facts, analysts=analysts, published=tmp_path)
    assert release.name == "annual/2022-23/r1"
    with duckdb.connect(str(analysts), read_only=True) as connection:
        (last,) = connection.execute(
            "select max(quarter) from publication.pub_definitions where quarter like '2022-23 %'"
        ).fetchall()[0]
    with (release.path / "tables" / "definitions.csv").open(encoding="utf-8") as lines:
        assert {row["quarter"] for row in csv.DictReader(lines)} == {last}
    with (release.path / "tables" / "year_figures.csv").open(encoding="utf-8") as lines:
        rows = {(row["indicator_id"], row["basis"]): row for row in csv.DictReader(lines)}
    assert rows["C01", "known"]["value"] != "[x]"
    # No return of services came: a figure that rests on one is not available, and no zero.
    assert rows["S03", "validated"]["value"] == "[x]"


def test_a_year_without_any_row_is_refused_with_the_years_there_are(
    built: Path, tmp_path: Path
) -> None:
    analysts = built / "analysts.duckdb"
    facts = facts_of(analysts, "annual", read_period("2015-16"), "one")
    with pytest.raises(NothingToPublish, match="2015-16: there are rows for 2022-23"):
        publish(facts, analysts=analysts, published=tmp_path)
