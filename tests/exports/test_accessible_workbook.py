"""The workbook: held against the checklist, the same bytes each time, nothing lost in it."""

import csv
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from exports.edition.facts import Edition, Override
from exports.figures.display import plain
from exports.figures.selection import Selection
from exports.files.spreadsheet import SpreadsheetError, WorkbookSheet, workbook_bytes
from exports.files.workbook import write_workbook
from flows.common.clock import read_moment
from tests.support.accessible_workbook import check_workbook
from tests.support.exports_made import TABLES, Change, Facts, chosen

OFFICE = shutil.which("soffice")
HOSTILE = """
update publication.pub_indicators set title = '=cmd|'' /C calc''!A1', source = '#N/A',
    rule = 'a' || chr(7) || 'b' where indicator_id = 'C05'
"""


@pytest.fixture
def selections(analysts: Change) -> list[Selection]:
    path = analysts(HOSTILE)
    return [chosen(path, name) for name in TABLES]


@pytest.fixture
def edition(facts: Facts) -> Edition:
    override = Override("lcrca 2022-05 transport", "A. Officer", "the ledger closes next week")
    return Edition(facts(), 2, "provisional", [override])


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_workbook_passes_the_checklist(edition: Edition, selections: list[Selection]) -> None:
    assert check_workbook(write_workbook(edition, selections)) == []


def test_it_passes_with_no_rows_at_all_and_with_very_long_text(
    edition: Edition, analysts: Change
) -> None:
    path = analysts("update publication.pub_indicators set rule = repeat('long words ', 400)")
    empty = [chosen(path, name, "2030-31 Q1") for name in TABLES]
    assert check_workbook(write_workbook(edition, empty)) == []
    long = [chosen(path, name) for name in TABLES]
    assert check_workbook(write_workbook(edition, long)) == []


def test_equal_inputs_give_equal_bytes_and_no_present_moment(
    edition: Edition, selections: list[Selection], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_workbook(edition, selections)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert write_workbook(edition, selections) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        names = package.namelist()
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == sorted(names)
    properties = opened(first).properties
    assert properties.created == properties.modified == read_moment("2022-07-11T09:30:00")
    assert (properties.language, properties.title) == (
        "en-GB",
        "Social value: quarterly report, 2022-23 Q1",
    )


def test_the_cover_says_what_when_how_sure_and_what_was_overridden(
    edition: Edition, selections: list[Selection]
) -> None:
    cover = opened(write_workbook(edition, selections))["Cover"]
    text = "\n".join(str(cell.value) for (cell,) in cover.iter_rows())
    for told in [
        "Social value: quarterly report, 2022-23 Q1",
        "April to June 2022 (2022-23 Q1)",
        "Provisional. This is revision 2",
        "11 July 2022, 09:30 UTC",
        "Ledger head: " + "e" * 64,
        "lcrca 2022-05 transport: overridden by A. Officer, because the ledger closes next week",
    ]:
        assert told in text


def test_no_cell_is_run_or_taken_for_an_error(
    edition: Edition, selections: list[Selection]
) -> None:
    content = write_workbook(edition, selections)
    cells = [cell for row in opened(content)["Indicators"].iter_rows() for cell in row]
    kinds = {str(cell.value): cell.data_type for cell in cells if cell.value is not None}
    assert kinds["=cmd|' /C calc'!A1"] == kinds["#N/A"] == kinds["a\ufffdb"] == "s"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name) for name in package.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_figures_are_numbers_shown_as_they_are_published(
    edition: Edition, selections: list[Selection]
) -> None:
    page = opened(write_workbook(edition, selections))["Local spend"]
    rows = {(row[1].value, row[4].value): row for row in page.iter_rows()}
    row = rows["2022-23 Q1", "Liverpool City Region"]
    assert (row[6].value, row[6].number_format) == (1003858435.21, "#,##0.00")
    assert (row[9].value, row[9].number_format) == (67, "#,##0.0")
    assert rows["2021-22 Q4", "Liverpool City Region"][9].value == "[z]"


def test_one_note_used_twice_has_one_number(edition: Edition, selections: list[Selection]) -> None:
    book = opened(write_workbook(edition, selections))
    headers = book["Local spend"].tables["local_spend"].column_names
    first, second = (header for header in headers if header.startswith("Share of"))
    note = first[first.index("[note") :]
    assert second == f"Share of all spend (%) {note}"
    listed = [row[0].value for row in book["Notes"].iter_rows(min_row=5)]
    assert listed.count(note) == 1


def test_text_that_a_cell_cannot_hold_is_refused_not_cut() -> None:
    long = WorkbookSheet("Cover", "x" * 32_768)
    with pytest.raises(SpreadsheetError, match="32,768 characters"):
        workbook_bytes([long], "A", "B", read_moment("2022-07-11"))


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_another_program_reads_it_without_loss(
    edition: Edition, selections: list[Selection], tmp_path: Path
) -> None:
    (tmp_path / "book.xlsx").write_bytes(write_workbook(edition, selections))
    # -1: every worksheet; the false before it: values, not how they are shown.
    every = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    for wanted in (every, "pdf"):
        subprocess.run(
            [
                str(OFFICE),
                f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                wanted,
                "--outdir",
                str(tmp_path / "out"),
                str(tmp_path / "book.xlsx"),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
    assert (tmp_path / "out" / "book.pdf").read_bytes().startswith(b"%PDF")
    for selection in selections:
        path = tmp_path / "out" / f"book-{selection.table.sheet}.csv"
        rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
        shown = rows[len(rows) - len(selection.rows) :] if selection.rows else []
        columns = selection.table.columns
        same = [at for at, c in enumerate(columns) if c.type in ("text", "integer", "boolean")]
        wanted_rows = [
            [
                plain(cells[at], columns[at]).replace("\a", "\ufffd")
                if columns[at].type == "text"
                else cells[at].text
                for at in same
            ]
            for cells in selection.rows
        ]
        assert [[row[at] for at in same] for row in shown] == wanted_rows
        for cells, row in zip(selection.rows, shown, strict=True):
            for at, cell in enumerate(cells):
                if selection.table.columns[at].type == "number" and cell.symbol is None:
                    assert float(row[at]) == float(str(cell.value))
