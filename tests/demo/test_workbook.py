"""The demo's own workbooks: what is written is what Excel's readers read."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from python_calamine import CalamineWorkbook

from flows.demo.made.authority.workbook import Cell, ErrorValue, Formula, column_letters, workbook

ROWS: list[list[Cell]] = [
    ["Name & title", "Amount", "Day", "Moment", "Yes?", "Share", "Count"],
    [" padded <x> ", Decimal("-1234.50"), date(2022, 4, 27), None, True, Decimal("0.125"), 7],
    [],
    ["Name & title", Decimal("0.00"), None, datetime(2022, 4, 27, 6, 30), False, None, ""],  # noqa: DTZ001
]


def test_text_money_dates_and_booleans_read_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([("First", ROWS), ('It\'s "2nd"', [])])))
    assert book.sheetnames == ["First", 'It\'s "2nd"']
    sheet = book["First"]
    assert [cell.value for cell in sheet[2]] == [
        " padded <x> ",
        -1234.5,
        datetime(2022, 4, 27),  # noqa: DTZ001
        None,
        True,
        0.125,
        7,
    ]
    assert sheet["D4"].value == datetime(2022, 4, 27, 6, 30)  # noqa: DTZ001
    assert sheet["C2"].is_date
    assert sheet["B2"].number_format == "#,##0.00"
    assert [cell.value for cell in sheet[3]] == [None] * 7


def test_the_pipelines_own_reader_reads_the_same() -> None:
    read = CalamineWorkbook.from_filelike(io.BytesIO(workbook([("First", ROWS)])))
    rows = read.get_sheet_by_name("First").to_python()
    assert rows[1][:3] == [" padded <x> ", -1234.5, date(2022, 4, 27)]
    assert rows[3][0] == "Name & title"


def test_formulas_and_errors_are_kept_as_such() -> None:
    cells: list[Cell] = [
        Formula("31484/40", Decimal("787.10")),
        Formula("A1*2"),
        ErrorValue("#REF!"),
    ]
    content = workbook([("S", [cells])])
    formulas = openpyxl.load_workbook(io.BytesIO(content))["S"][1]
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["S"][1]
    assert [cell.value for cell in formulas] == ["=31484/40", "=A1*2", "#REF!"]
    assert [cell.value for cell in values] == [787.1, None, "#REF!"]


def test_equal_sheets_give_equal_bytes() -> None:
    assert workbook([("S", ROWS)]) == workbook([("S", ROWS)])


def test_columns_are_lettered_as_excel_does() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA")
    ]
