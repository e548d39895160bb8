"""Rows that are lost from a workbook come back to their sender marked in a copy of it."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.common.settings import Settings
from flows.demo.made.authority.workbook import Cell, ErrorValue, Formula, workbook
from flows.intake.answers import marked_copy as marking
from flows.intake.answers.answer import NoAnswer, hand_over
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading

Take = Callable[..., Ingested]
HEAD: list[Cell] = ["Payment date", "Supplier name", "Net amount", "Invoice received date"]
GOOD: list[Cell] = [date(2022, 4, 1), "Acme Ltd", Decimal("100.50")]
NO_SUM: list[Cell] = [date(2022, 4, 4), "Roses & Co", "TBC"]
ODD: list[Cell] = [date(2022, 4, 5), "Mersey Print", Decimal("0.00")]
NAME = "lcrca_2022-04.xlsx"
COLOURS = {"FFFFC7CE": "lost", "FFFFEB9C": "odd"}


def answers(settings: Settings, return_name: str = "finance_payments") -> dict[str, bytes]:
    """The answers that lie in the quarantine, by the last part of their names."""
    folder = settings.quarantine / return_name
    return {path.suffix: path.read_bytes() for path in sorted(folder.glob("*"))}


def marks(page: Worksheet) -> dict[str, tuple[str | None, str]]:
    """Each cell with a comment: how it is filled, and what the comment says."""
    return {
        cell.coordinate: (
            COLOURS.get(cell.fill.fgColor.rgb) if cell.fill.fill_type else None,
            cell.comment.text,
        )
        for row in page.iter_rows()
        for cell in row
        if cell.comment
    }


def copy_of(settings: Settings) -> Any:
    return load_workbook(io.BytesIO(answers(settings)[".xlsx"]))


def listed(settings: Settings, return_name: str = "finance_payments") -> list[dict[str, str]]:
    text = answers(settings, return_name)[".csv"].decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_each_bad_cell_is_filled_and_says_what_to_do(settings: Settings, take: Take) -> None:
    done = take(workbook([("April", [HEAD, GOOD, NO_SUM, ODD])]), NAME)

    assert (done.outcome, done.counts.loaded, done.counts.quarantined) == ("loaded", 2, 1)
    found = marks(copy_of(settings)["April"])
    assert {cell: fill for cell, (fill, _) in found.items()} == {
        "A1": None, "C3": "lost", "C4": "odd",
    }  # fmt: skip
    assert found["A1"][1].startswith("1 row was not taken: the cell that is wrong is filled")
    assert found["C3"][1].startswith("This row is not taken. The cell does not read as a sum of")
    assert found["C4"][1].startswith("This row is taken; please look. The payment is of nothing")


def test_sent_again_unchanged_the_copy_is_read_as_the_original_was(
    settings: Settings, take: Take
) -> None:
    sheet = [
        ["Payments of April"],
        HEAD,
        GOOD,
        [date(2022, 4, 6), "A sum", Formula("2*50.25", Decimal("100.5"))],
        [date(2022, 4, 7), "Never worked out", Formula("C3*2")],
        [date(2022, 4, 8), "In error", ErrorValue("#REF!")],
        [date(2022, 4, 9), "Text of a formula", "=31484/40"],
        ["10/04/2022", "  Odd  spaces ", Decimal("1793.399999")],
    ]
    first = take(workbook([("April", sheet), ("Notes", [["Nothing here"]])]), NAME)
    assert (first.counts.loaded, first.counts.quarantined) == (3, 3)

    again = take(answers(settings)[".xlsx"], "lcrca_2022-04_copy.xlsx")

    assert (again.counts.loaded, again.counts.quarantined) == (3, 3)
    assert again.counts.amount_total == first.counts.amount_total
    found = marks(copy_of(settings)["April"])
    assert set(found) == {"A1", "A2", "C5", "C6", "C7"}
    assert found["A2"][1].startswith("Sheets that hold no table of this kind were left out: Notes")


def test_a_column_is_found_under_its_own_sheets_header(settings: Settings, take: Take) -> None:
    other = [["Net amount", "Supplier name", "Payment date"], ["TBC", "Acme", date(2022, 4, 3)]]
    take(workbook([("One", [HEAD, GOOD]), ("Two", [["Title"], *other])]), NAME)

    book = copy_of(settings)
    assert set(marks(book["One"])) == {"A1"}
    assert set(marks(book["Two"])) == {"A3"}


def test_a_clean_workbook_is_not_opened_again_and_a_csv_gets_the_list_alone(
    settings: Settings, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(marking, "load_workbook")
    assert take(workbook([("April", [HEAD, GOOD, ODD])]), NAME).outcome == "loaded"
    take("Payment date,Supplier name,Net amount\n01/04/2022,A,1.00\n02/04/2022,B,TBC\n")

    assert set(answers(settings)) == {".csv"}


def test_a_rejected_workbook_says_why_on_its_first_cell_and_marks_what_was_found(
    settings: Settings, take: Take
) -> None:
    bare = [date(2022, 4, 4), "Roses & Co", None]
    done = take(workbook([("April", [HEAD, NO_SUM, bare])]), NAME)

    assert done.outcome == "rejected"
    found = marks(copy_of(settings)["April"])
    assert found["A1"] == (None, done.reason)
    assert {cell for cell, (fill, _) in found.items() if fill == "lost"} == {"C2", "C3"}


def test_a_workbook_that_matches_nothing_says_so_on_its_first_cell(
    settings: Settings, take: Take
) -> None:
    done = take(workbook([("Sheet", [["Fruit", "Colour"], ["Apple", "red"]])]), NAME)

    assert done.outcome == "rejected"
    assert marks(copy_of(settings)["Sheet"]) == {"A1": (None, done.reason)}


def test_what_cannot_be_opened_gets_the_list_alone(settings: Settings, take: Take) -> None:
    whole = workbook([("April", [HEAD, NO_SUM])])

    assert take(whole[: len(whole) // 2], NAME).outcome == "rejected"
    assert set(answers(settings)) == {".csv"}


def test_macros_are_dropped(settings: Settings, take: Take) -> None:
    out = io.BytesIO(workbook([("April", [HEAD, GOOD, NO_SUM])]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    take(out.getvalue(), "lcrca_2022-04.xlsm")

    with zipfile.ZipFile(io.BytesIO(answers(settings)[".xlsx"])) as archive:
        assert "xl/vbaProject.bin" not in archive.namelist()
    assert "C3" in marks(copy_of(settings)["April"])


@pytest.mark.parametrize("limit", ["MOST_CELLS", "MOST_BYTES"])
def test_a_large_workbook_is_not_marked_and_the_list_says_so(
    settings: Settings, take: Take, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(marking, limit, 5)
    take(workbook([("April", [HEAD, GOOD, NO_SUM])]), NAME)

    assert set(answers(settings)) == {".csv"}
    assert listed(settings)[-1]["what to do"] == marking.TOO_LARGE


def test_a_copy_that_would_not_read_alike_is_not_written(
    settings: Settings, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "_put_formulas_back", lambda book, file: None)
    take(workbook([("April", [HEAD, GOOD, [date(2022, 4, 5), "X", Formula("1+1")]])]), NAME)

    assert set(answers(settings)) == {".csv"}
    assert listed(settings)[-1]["what to do"] == marking.NOT_ALIKE


def test_only_so_many_cells_are_marked(
    settings: Settings, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "MOST_MARKS", 2)
    take(workbook([("April", [HEAD, GOOD, NO_SUM, NO_SUM, NO_SUM])]), NAME)

    found = marks(copy_of(settings)["April"])
    assert set(found) == {"A1", "C3", "C4"}
    assert found["A1"][1].endswith("The first 2 cells are marked; the list has them all.")


WORKFORCE = [
    ["Employer", "Snapshot date", "Employee number", "Name", "FTE"],
    ["lcrca", date(2022, 6, 30), "E99887", "Zebediah Canary", Decimal("1")],
    ["lcrca", date(2022, 6, 30), "E99888", "Zacharias Canary", "full"],
]


def taken_workforce(take: Take) -> Ingested:
    return take(workbook([("Staff", WORKFORCE)]), "lcrca_2022-23-q1.xlsx", "hr_workforce")


@pytest.fixture
def with_places(settings: Settings, postcodes: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SOCIAL_VALUE_POSTCODES", str(postcodes))
    settings.postcodes = postcodes
    return settings


def test_the_copy_of_a_return_with_people_is_sealed_and_opens_for_its_sender(
    with_places: Settings, take: Take, tmp_path: Path
) -> None:
    done = taken_workforce(take)

    assert (done.outcome, done.counts.quarantined) == ("loaded", 1)
    kept = answers(with_places, "hr_workforce")
    assert set(kept) == {".csv", ".sealed"}
    assert not any(b"Canary" in content or b"PK" in content[:2] for content in kept.values())
    folder = tmp_path / "for the sender"
    folder.mkdir()
    table, book, told = sorted(hand_over(with_places, done.returns[0], folder))
    assert (book.name, table.name) == ("lcrca_2022-23-q1_answer.csv", "lcrca_2022-23-q1.xlsx")
    assert "Mend the marked cells in lcrca_2022-23-q1.xlsx" in told.read_text("utf-8")
    assert "Canary" not in told.read_text("utf-8")
    page = load_workbook(table)["Staff"]
    assert (page["D3"].value, marks(page)["E3"][0]) == ("Zacharias Canary", "lost")
    with reading(with_places) as connection:
        opened = "select subject from warehouse.ledger.events where kind = 'answered'"
        assert connection.execute(opened).fetchall() == [(done.returns[0],)]
    with pytest.raises(NoAnswer, match="is there already"):
        hand_over(with_places, done.returns[0], folder)


def test_where_originals_of_people_are_not_kept_no_copy_is(
    with_places: Settings, take: Take
) -> None:
    with_places.keep_originals = "none"
    taken_workforce(take)

    assert set(answers(with_places, "hr_workforce")) == {".csv"}


def test_who_asks_for_an_answer_that_is_not_there_is_told(
    settings: Settings, take: Take, tmp_path: Path
) -> None:
    done = take(workbook([("April", [HEAD, GOOD])]), NAME)

    with pytest.raises(NoAnswer, match="Nothing was found in lcrca_2022-04"):
        hand_over(settings, done.returns[0], tmp_path)
    with pytest.raises(NoAnswer, match="There is no return"):
        hand_over(settings, "finance_payments-000000000000", tmp_path)


def test_the_letter_of_a_refused_file_says_why_and_that_it_is_due(
    settings: Settings, take: Take, tmp_path: Path
) -> None:
    refused = take("Vendor,Town\nAcme,Leeds\n", "lcrca_2022-04.csv", "finance_vendors")
    assert refused.outcome == "rejected"
    with reading(settings) as connection:
        ((name,),) = connection.execute("select filing_id from warehouse.ledger.returns").fetchall()
    _, told = hand_over(settings, name, tmp_path)
    said = told.read_text("utf-8")
    assert "It could not be taken, so none of it counts." in said
    assert f"What to mend first\n- {refused.reason}\n" in said
    assert "By when\nIt was due on 10 May 2022: please send it as soon as you can.\n" in said
