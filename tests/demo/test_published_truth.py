"""A release of the demo is held against the truth of its moment, cell by cell, people protected."""

import csv
import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from exports.definitions.table import TableDefinition, read_tables
from exports.disclosure.thresholds import read_thresholds
from tests.oracle.compare import compare_release
from tests.oracle.compare.edition import Edition
from tests.oracle.compare.registry import Registry
from tests.oracle.compare.releases import must_be_compared, published
from tests.oracle.compare.tables import READERS, UNKNOWN
from tests.oracle.truth.truth import truth
from tests.support.definitions import PLACES

SEEDS = Registry(PLACES.seeds)
AT = datetime(2023, 6, 2, 9)  # noqa: DTZ001 - once all was in
EDITIONS = [("quarterly", "2022-23 Q4"), ("annual", "2022-23")]
PEOPLE = {name: row["is_people"] for name, row in SEEDS.measures.items()}
Cells = dict[str, str]


@cache
def true_release(publication: str, period: str) -> dict[str, list[Cells]]:
    """A release in which every figure is the true one: the rows of its tables."""
    edition = Edition(publication, period, AT, SEEDS)
    return {
        table.name: list(rows_of(table, edition))
        for table in read_tables(publication, PLACES.tables)
    }


def rows_of(table: TableDefinition, edition: Edition) -> list[Cells]:
    """The rows of a table as the truth has them; of one without a reader, none."""
    columns, found = {column.name: column for column in table.columns}, []
    for key, true in READERS[table.name](edition) if table.name in READERS else ():
        row = {
            name: columns[name].words.get(text, text)
            for name, text in zip(table.key, key, strict=True)
        }
        row |= {"unit": str(true.get("unit")), "is_people": PEOPLE.get(row.get("measure_id"), "no")}
        for name in true.keys() & columns.keys():
            row[name] = published(
                table, columns[name], row, true, read_thresholds(PLACES.thresholds)
            )
        found.append({name: text for name, text in row.items() if name in columns})
    return found


def wrong(
    folder: Path, change: Callable[[dict[str, list[Cells]]], None], nth: int = 0
) -> list[tuple[str, str, str]]:
    """What is not as it should be in a release that differs from the true one by a change."""
    publication, period = EDITIONS[nth]
    tables = {
        name: [dict(row) for row in rows]
        for name, rows in true_release(publication, period).items()
    }
    change(tables)
    release = folder / publication / period.replace(" ", "-") / "r1"
    (release / "tables").mkdir(parents=True)
    (release / "manifest.json").write_text(json.dumps({"as_of": AT.isoformat()}))
    for table in read_tables(publication, PLACES.tables):
        with (release / "tables" / f"{table.name}.csv").open("w", encoding="utf-8") as lines:
            writer = csv.DictWriter(lines, [column.name for column in table.columns], restval="")
            writer.writeheader()
            writer.writerows(tables[table.name])
    compared = compare_release(release, SEEDS)
    return [(one.what, one.came, one.true) for one in compared if not one.same]


def row_of(rows: list[Cells], **named: str) -> Cells:
    """The row that has those cells."""
    return next(row for row in rows if named.items() <= row.items())


@pytest.mark.parametrize(("publication", "period"), EDITIONS)
def test_every_column_of_figures_is_compared_or_named_with_a_reason(
    publication: str, period: str
) -> None:
    edition = Edition(publication, period, AT, SEEDS)
    for table in read_tables(publication, PLACES.tables):
        wanted = must_be_compared(table)
        told = [columns for _, columns in READERS[table.name](edition)] if wanted else []
        assert bool(told) == bool(wanted), table.name
        for columns in told:
            assert wanted <= columns.keys(), table.name


def test_what_the_truth_cannot_know_is_still_published_and_has_a_reason() -> None:
    tables = {
        t.name: t for publication, _ in EDITIONS for t in read_tables(publication, PLACES.tables)
    }
    for name, columns in UNKNOWN.items():
        assert columns.keys() <= {column.name for column in tables[name].columns}
        assert all(columns.values())


@pytest.mark.parametrize("nth", range(len(EDITIONS)))
def test_a_release_of_true_figures_is_as_it_should_be(tmp_path: Path, nth: int) -> None:
    assert wrong(tmp_path, lambda _: None, nth) == []


def test_a_figure_that_is_touched_is_named_with_its_release(tmp_path: Path) -> None:
    def touch(tables: dict[str, list[Cells]]) -> None:
        row_of(tables["local_spend"], period="2022-23 Q3", place="Wirral")["amount_known"] = "1.00"

    ((what, ours, true),) = wrong(tmp_path, touch)
    assert what == "quarterly/2022-23-Q4/r1 local_spend 2022-23 Q3 Wirral, amount_known"
    assert ours == "1.00" != true


def test_a_small_count_must_be_hidden_and_any_other_rounded(tmp_path: Path) -> None:
    counts = {
        (key.breakdown, key.breakdown_value): figure.numerator
        for key, figure in truth(at=AT).figures.items()
        if (key.indicator, key.basis, key.period) == ("E01", "headcount", "2022-23 Q4")
        and key.breakdown in ("grade", "ethnicity", "age_band")
    }
    small = next(name for name, count in counts.items() if 0 < count < 5)
    large = next(name for name, count in counts.items() if count > 5 and count % 5)

    def said(part: tuple[str, str], people: str, at: str) -> list[str]:
        def say(tables: dict[str, list[Cells]]) -> None:
            row = row_of(
                tables["workforce"], employer="All", characteristic=part[0], category=part[1]
            )
            row["people"] = people

        return [true for _, _, true in wrong(tmp_path / at, say)]

    assert said(small, str(counts[small]), "told") == ["[c]"]
    assert said(small, "[c]", "hidden") == []
    rounded = str(5 * round(counts[large] / 5))
    assert said(large, rounded, "rounded") == []
    assert said(large, "[c]", "hidden to protect another") == []
    assert said(large, str(counts[large]), "exact") == [rounded]


@pytest.mark.parametrize("symbol", ["[c]", "[x]", "[z]", ""])
def test_a_figure_about_nobody_can_be_neither_hidden_nor_left_out(
    tmp_path: Path, symbol: str
) -> None:
    def hide(tables: dict[str, list[Cells]]) -> None:
        row_of(tables["supplier_kinds"], indicator_id="C02")["percent_of_all"] = symbol
        row_of(tables["measures"], measure_id="M08")["validated"] = symbol  # hours, no people

    assert [ours for _, ours, _ in wrong(tmp_path, hide)] == [symbol, symbol]


def test_a_gap_is_hidden_for_few_people_alone(tmp_path: Path) -> None:
    def hide(tables: dict[str, list[Cells]]) -> None:
        for row in tables["pay_gaps"]:
            row["gap"] = "[c]"

    named = {what.split()[2] for what, _, _ in wrong(tmp_path, hide)}
    assert named == {"E04", "E05", "E06", "E07"}
    few = [what for what, _, _ in wrong(tmp_path / "few", hide) if "Combined Authority" in what]
    assert {what.split()[2] for what in few} == {"E04", "E05"}  # two men there had a bonus


def test_a_rule_that_nobody_broke_says_so(tmp_path: Path) -> None:
    def break_it(tables: dict[str, list[Cells]]) -> None:
        row = {"return": "finance_payments", "rule": "amount_is_given", "rows_failed": "3"}
        tables["data_quality"] += [row, {**row, "rule": "another", "rows_failed": "0"}]

    found = wrong(tmp_path, break_it)
    assert [(what.split(" ", 1)[1], true) for what, _, true in found] == [
        ("data_quality finance_payments amount_is_given, rows_failed", "0")
    ]


def test_rows_that_are_missing_or_should_not_be_there_are_named(tmp_path: Path) -> None:
    def swap(tables: dict[str, list[Cells]]) -> None:
        del tables["contracts"][0]
        tables["revisions"].append({**tables["revisions"][0], "sender": "nobody"})

    found = wrong(tmp_path, swap)
    assert {(ours, true) for _, ours, true in found} == {("no row", "a row"), ("a row", "no row")}
    assert len(found) == 2


def test_a_correction_that_came_later_is_no_figure_of_the_release_before_it() -> None:
    before = datetime(2023, 4, 28, 9)  # noqa: DTZ001 - the register was put right two days later
    ours = dict(READERS["contracts"](Edition("quarterly", "2022-23 Q4", before, SEEDS)))
    later = dict(READERS["contracts"](Edition("quarterly", "2022-23 Q4", AT, SEEDS)))
    assert ours["CR-0132",]["value"] != later["CR-0132",]["value"]
    assert ours.keys() < later.keys()
