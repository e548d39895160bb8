"""An indicator of which too much is not known says so wherever it is, and no hidden count is told.

What is said is worked out from the cells that a release shows.
"""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from exports.definitions.table import every_table
from exports.edition.not_known import Limits, cautions
from exports.figures.cell import Cell
from exports.figures.selection import Selection
from flows.common.declarations import read_declared
from flows.common.settings import PROJECT
from tests.support.definitions import PLACES, publish
from tests.support.exports_made import Change, Facts, chosen

HOMES = """
delete from publication.pub_workforce_shares;
insert into publication.pub_workforce_shares values
    ('2022-23 Q1', 'E02', 'Workforce living in the city region', 'known', 1,
     'Of employees whose home is known', 1, 'All', {whole} - {part} - 9, {whole} - {part},
     100.0 * ({whole} - {part} - 9) / ({whole} - {part}), null, 1, 1, 'final'),
    ('2022-23 Q1', 'E02', 'Workforce living in the city region', 'not known', 2,
     'Home not known', 1, 'All', {part}, {whole}, 100.0 * {part} / {whole}, null, 1, 1, 'final');
delete from publication.pub_workforce;
insert into publication.pub_workforce values
    ('2022-23 Q1', 1, 'All', 1, 'all', 'All', {whole}, 100, 1, 1, 'final');
"""
SPEND = """
insert into publication.pub_indicators (quarter, indicator_id, title, basis, unit, numerator,
    denominator, value, n_reporting, n_expected, coverage, status, rule, source, illustrative)
    values
    ('2022-23 Q1', 'C01', 'Local spend', 'known', 'per cent', 60, {known}, 75, 3, 3, 1, 'final',
     'ratio of sums', null, 'yes'),
    ('2022-23 Q1', 'C01', 'Local spend', 'all', 'per cent', 60, 100, 60, 3, 3, 1, 'final',
     'ratio of sums', null, 'yes');
"""
HOME = "The home is not known of more than 10% of employees (All)."
PLACE = (
    "The place of the supplier is not known, or the name is withheld, for more than 10% of spend."
)


def files_that_say(release: Path, text: str) -> set[str]:
    """The files of a release in which the text stands, by their names in it."""
    found = {
        path.relative_to(release).as_posix()
        for path in release.rglob("*")
        if path.suffix in {".html", ".json", ".csv"} and text in path.read_text("utf-8")
    }
    book = load_workbook(next(release.glob("*.xlsx")))
    return found | {
        sheet.title for sheet in book for row in sheet.values if any(text in str(c) for c in row)
    }


def test_a_share_above_its_limit_is_said_wherever_the_indicator_is(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    made = analysts(HOMES.format(part=30, whole=200), SPEND.format(known=80))
    release = publish(facts(), analysts=made, published=tmp_path).path
    shares = {"tables/workforce_shares.csv-metadata.json", "site/tables/workforce-shares.html"}
    assert {*shares, "Notes"} <= files_that_say(release, f"E02: {HOME}")
    spend = files_that_say(release, f"C01: {PLACE}")
    for table in ("indicators", "local_spend", "spend_by_place"):
        assert f"tables/{table}.csv-metadata.json" in spend
    assert {"Notes", "Main points", "words.csv", "site/index.html"} <= spend
    assert "site/indicators/c01.html" in files_that_say(release, f"</span> {PLACE}")
    assert not {"tables/supplier_kinds.csv-metadata.json", *shares} & spend
    with (release / "words.csv").open(encoding="utf-8", newline="") as lines:
        said = [row["sentence"] for row in csv.DictReader(lines) if row["section"] == "sound"]
    assert said[-1] == f"C01: {PLACE}"


def test_a_release_that_says_so_is_published_no_second_time(
    analysts: Change, facts: Facts, tmp_path: Path
) -> None:
    made = analysts(HOMES.format(part=30, whole=200), SPEND.format(known=80))
    first, again = (publish(facts(), analysts=made, published=tmp_path) for _ in range(2))
    assert (first.changed, again.changed, again.revision) == (True, False, 1)


@pytest.mark.parametrize("part", [20, 3])
def test_at_the_limit_and_where_people_are_hidden_nothing_is_said(
    analysts: Change, facts: Facts, tmp_path: Path, part: int
) -> None:
    """3 of 20 would be 15 %, and must not be told; 20 of 200 is 10 %, which is not more."""
    made = analysts(HOMES.format(part=part, whole=20 if part == 3 else 200), SPEND.format(known=90))
    release = publish(facts(), analysts=made, published=tmp_path).path
    assert files_that_say(release, "The home is not known") == set()
    assert files_that_say(release, "The place of the supplier is not known") == set()


@pytest.mark.parametrize(("shown", "said"), [(30, True), (25, False)])
def test_where_the_percentage_is_hidden_the_rounded_counts_must_leave_no_doubt(
    analysts: Change, shown: int, said: bool
) -> None:
    """30 of 230 is at least 28 of 232, which is 12 %; 25 of 230 may be 23 of 232."""
    selection = chosen(analysts(HOMES.format(part=shown, whole=230)), "workforce_shares")
    names = [column.name for column in selection.table.columns]
    hidden = names.index("percent_of_people")
    rows = tuple((*r[:hidden], Cell(None, "[c]"), *r[hidden + 1 :]) for r in selection.rows)
    found = cautions([replace(selection, rows=rows)], 5, PLACES.not_known)
    assert [one.text for one in found] == ([HOME] if said else [])


def test_a_count_that_is_hidden_says_nothing(analysts: Change) -> None:
    selection = chosen(analysts(HOMES.format(part=30, whole=200)), "workforce_shares")
    assert [one.text for one in cautions([selection], 5, PLACES.not_known)] == [HOME]
    for name in ("people", "out_of"):
        assert cautions([_hiding(selection, name, "percent_of_people")], 5, PLACES.not_known) == []


def _hiding(selection: Selection, *names: str) -> Selection:
    kept = [column.name not in names for column in selection.table.columns]
    rows = tuple(
        tuple(c if keep else Cell(None, "[c]") for c, keep in zip(row, kept, strict=True))
        for row in selection.rows
    )
    return replace(selection, rows=rows)


def test_every_limit_names_what_is_published(tmp_path: Path) -> None:
    """Indicators of the registry, and columns of the tables; or the limit could never speak."""
    tables = {table.name: {c.name for c in table.columns} for table in every_table(PLACES.tables)}
    with (PLACES.seeds / "indicators.csv").open(encoding="utf-8") as lines:
        numbers = {row["indicator_id"] for row in csv.DictReader(lines)}
    for rule in read_declared(PLACES.not_known, Limits).not_known:
        named = {*rule.rows, *rule.whole.in_row, rule.part, rule.whole.column}
        named |= {one for one in (rule.by, rule.percent) if one}
        assert set(rule.indicators) <= numbers
        for name in rule.table:
            assert named <= tables[name], (rule.say, name)
    assert cautions([], 5, tmp_path / "none.yaml") == []
    assert json.loads((PROJECT / "exports/limits/not_known.schema.json").read_text("utf-8"))
