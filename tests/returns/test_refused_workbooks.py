"""Files that look like workbooks and must not be opened are refused, in a sentence and at once."""

import io
import time
import zipfile

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook

HEADER = ["Date paid", "Supplier name", "Net amount"]
ROW = ["01/04/2022", "Acme", 10.5]


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows or (HEADER, ROW):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced (or added)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, part in {**parts, name: content}.items():
            archive.writestr(each, part)
    return stream.getvalue()


def locked() -> bytes:
    stream = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook())).encrypt("secret", stream)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'
REFUSED = {
    "locked with a password": (locked, "is locked with a password"),
    "cut in half": (lambda: workbook()[: len(workbook()) // 2], "is a damaged workbook"),
    "a bomb": (
        lambda: with_part(workbook(), SHEET, b" " * (64 << 20)),
        "unpacks to 64 MB, which no return does",
    ),
    "an outside entity": (
        lambda: with_part(workbook(), SHEET, ENTITY),
        "holds a document type or entity in sheet1.xml",
    ),
    "no workbook": (lambda: with_part(zip_of(), "a.txt", b"x"), "is a zip archive, not a workbook"),
    "a cell at the end of the world": (
        lambda: with_part(
            workbook(),
            SHEET,
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b'<sheetData><row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
            b"</worksheet>",
        ),
        "has a cell in row 1048576",
    ),
    "an OLE file that is none": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
        "cannot be read as a workbook",
    ),
    "only empty sheets": (lambda: workbook([]), "has only empty sheets"),
    "a page of HTML": (lambda: b"<!DOCTYPE html><html><body></body></html>", "a page of HTML"),
}


def zip_of() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "hello")
    return stream.getvalue()


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_in_a_sentence_within_seconds(what, take):
    make, reason = REFUSED[what]
    content = make()
    started = time.monotonic()
    done = take(content, "lcrca_2022-04.xlsx")
    assert time.monotonic() - started < 10
    assert done.outcome == "rejected"
    assert reason in done.reason
    assert "\n" not in done.reason


def test_macros_are_ignored(take):
    with_macros = with_part(workbook(), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 not run")
    assert take(with_macros, "lcrca_2022-04.xlsm").outcome == "loaded"


def test_an_error_cell_and_a_formula_without_a_value_are_findings_not_blanks(take, settings):
    content = workbook(
        HEADER,
        ROW,
        ["02/04/2022", "Beta", "=31484/40"],
        ["03/04/2022", "Gamma", 5],
    )
    broken = b'<c r="C4" t="e"><v>#DIV/0!</v></c>'
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(SHEET)
    at = sheet.index(b'<c r="C4"')
    sheet = sheet[:at] + broken + sheet[sheet.index(b"</c>", at) + 4 :]
    done = take(with_part(content, SHEET, sheet), "lcrca_2022-04.xlsx")
    assert (done.counts.loaded, done.counts.quarantined) == (1, 2)
    answer = next((settings.quarantine / "finance_payments").glob("*.csv")).read_text()
    assert "#DIV/0!" in answer
    assert "=31484/40" in answer
    assert "The cell holds a formula, not a value" in answer


def test_csv_text_named_xlsx_and_a_workbook_named_csv_are_read_as_what_they_are(take):
    text = "Date paid,Supplier name,Net amount\n01/04/2022,Acme,10.50\n"
    assert take(text, "lcrca_2022-04.xlsx").outcome == "loaded"
    assert take(workbook(), "wirral_2022-04.csv").outcome == "loaded"
