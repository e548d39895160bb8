"""Every cell of every table of every release resolves by its named rule, and is had again by it."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from exports.definitions.table import every_table
from flows.audit.published_cell import PublishedPeriod, every_cell, tables_of
from flows.audit.trace_cell import (
    CellQuestion,
    models_of,
    published_rows,
    recorded,
    trace_cell,
)
from flows.audit.trace_file import trace_file
from flows.commands.tracing import write_trace
from flows.common.settings import Settings
from flows.modelling.analysts import BadQuestion, analysts
from tests.support.accessible_workbook import check_workbook
from tests.support.dead_ends import newest, walked
from tests.support.definitions import PLACES

R1, R2 = "quarterly/2022-23-Q1/r1", "quarterly/2022-23-Q1/r2"
REGION = "period=2022-23 Q1; place=Liverpool City Region"


def test_every_column_says_how_its_cells_are_traced() -> None:
    silent = {
        table.name
        for table in every_table(PLACES.tables)
        if any(column.traces is None for column in table.columns)
    }
    assert silent == set()


@pytest.mark.parametrize("name", [R1, R2])
def test_every_cell_of_the_release_is_had_again(home: Settings, name: str) -> None:
    release = recorded(home, name)
    report = PublishedPeriod("quarterly", release.period, release.as_of)
    walked: dict[str, int] = {}
    with models_of(home, release) as then, analysts(then) as connection:
        for table in tables_of(report, PLACES.tables).values():
            for cell in every_cell(connection, table, report):
                walked[table.name] = walked.get(table.name, 0) + 1
                assert cell.agrees, (table.name, cell.row, cell.column.name, cell.unrounded)
    full = {name for name, cells in walked.items() if cells}
    assert full >= {"indicators", "local_spend", "returns_received", "control_totals"}
    assert walked["local_spend"] > 100


def test_a_cell_leads_to_the_senders_cells_and_the_ledger(home: Settings, tmp_path: Path) -> None:
    found = trace_cell(home, CellQuestion(R2, "local_spend", REGION, "amount_in_place"))
    assert found["published"] == "3500.00"
    assert (found["rule"], found["agrees"]) == ("sum of values", True)
    assert str(found["unrounded"]).startswith("3500.00")
    assert [row["period"] for row in found["made_of"]] == ["2022-04", "2022-05", "2022-06"]
    local = [row for row in found["contributions"] if row["numerator"] != "0.00"]
    assert [(row["file"], row["row"], row["numerator"]) for row in local] == [
        ("lcrca_2022-04_corporate.csv", 2, "1000.00"),
        ("lcrca_2022-05_corporate.csv", 2, "1500.00"),
        ("lcrca_2022-06_corporate.csv", 2, "1000.00"),
    ]
    write_trace(found, tmp_path / "trace.xlsx")
    assert check_workbook(tmp_path / "trace.xlsx") == []
    sheets = load_workbook(tmp_path / "trace.xlsx").sheetnames
    assert {"Figure", "Made of", "Contributions", "Ledger"} <= set(sheets)
    owed = "return=finance_payments; sender=lcrca; period=2022-05; part=corporate"
    found = trace_cell(home, CellQuestion(R2, "returns_received", owed, "rows_loaded"))
    assert (found["published"], found["recomputed"]) == ("2", "2")
    assert [event["kind"] for event in found["ledger"]] == ["kept"]
    found = trace_cell(home, CellQuestion(R2, "local_spend", REGION, "percent_of_known"))
    assert (found["published"], found["rule"], found["agrees"]) == ("28.0", "other cells", True)
    assert {row["cell"] for row in found["made_of"]} == {"amount_in_place", "amount_known"}


def test_people_are_traced_to_files_and_checks_and_not_to_rows(home: Settings) -> None:
    row = "employer=All; characteristic=all; category=All"
    found = trace_cell(home, CellQuestion(R2, "workforce", row, "people"))
    assert found["agrees"]
    assert "counts people" in found["disclosure"]
    assert [(one["file"], one["rows"]) for one in found["contributions"]] == [
        ("lcrca_2022-23-q1.csv", 12)
    ]


def test_what_is_not_there_is_told_with_what_is(home: Settings) -> None:
    for question, words in {
        CellQuestion("quarterly/x/r1", "local_spend", REGION, "status"): f"there are {R1}, {R2}",
        CellQuestion(
            R1, "spending", REGION, "status"
        ): "no table spending; it has actions, commitments",
        CellQuestion(R1, "local_spend", "place=Leeds", "status"): "no row is 'place=Leeds'; there",
        CellQuestion(R1, "local_spend", REGION, "sum"): "no column sum; it has quarter, period",
    }.items():
        with pytest.raises(BadQuestion, match=words):
            trace_cell(home, question)


def test_a_row_leads_to_every_published_figure_it_touched(home: Settings) -> None:
    with analysts(home) as connection:
        rows = connection.execute(
            "select distinct _return_id from marts.fct_payments where month = '2022-05'"
        ).fetchall()
    ((corrected,),) = rows
    found = trace_file(home, corrected, line=2)
    assert {row["release"] for row in found} == {R2}
    touched = {(row["table"], row["row"], row["column"]) for row in found}
    assert ("local_spend", REGION, "amount_in_place") in touched
    assert ("indicators", "indicator_id=C01; basis=known", "value") in touched
    assert ("spend_by_place", "place_group=Liverpool", "amount") in touched
    assert not any(table == "workforce" for table, _, _ in touched)
    assert {row["release"] for row in trace_file(home, "lcrca_2022-04_corporate.csv")} == {R1, R2}
    with pytest.raises(BadQuestion, match=r"No file or return is called nothing\.csv"):
        trace_file(home, "nothing.csv")


def test_every_column_leads_to_rows_of_senders_of_seeds_or_of_the_ledger(home: Settings) -> None:
    columns = [one for release in newest(home) for one in walked(home, release)]
    dead = [place for place, leads in columns if not leads]
    assert not dead, "\n".join(dead)
    assert len(columns) > 50


def test_what_must_be_acted_on_leads_to_the_returns_and_the_seed_that_says_they_are_owed(
    home: Settings, tmp_path: Path
) -> None:
    release = recorded(home, R2)
    table = tables_of(PublishedPeriod("quarterly", release.period, release.as_of), PLACES.tables)
    rows = published_rows(release, table["exceptions"])
    key = next(row for row in rows if row.startswith("kind=Return missing"))
    found = trace_cell(home, CellQuestion(R2, "exceptions", key, "rating"))
    assert [row["relation"] for row in found["leads_to"]] == ["marts.rpt_returns"]
    assert [row["seed"] for row in found["seeds"]] == ["obligations"]
    write_trace(found, tmp_path / "trace.xlsx")
    assert check_workbook(tmp_path / "trace.xlsx") == []
    assert {"Leads to", "Seeds"} <= set(load_workbook(tmp_path / "trace.xlsx").sheetnames)
