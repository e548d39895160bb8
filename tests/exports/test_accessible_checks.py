"""The checklist finds what is planted, point by point."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table

from exports.edition.facts import Edition
from exports.files.workbook import write_workbook
from tests.support.accessible_workbook import check_workbook
from tests.support.exports_made import TABLES, chosen, make_analysts, make_facts

Book = openpyxl.Workbook
PAGE = "Spend by place"


def set_font(book: Book, **said: object) -> None:
    book[PAGE]["A1"].font = Font(**({"name": "Arial", "size": 11} | said))


def cell_of_table(book: Book, row: int = 1, column: int = 1) -> openpyxl.cell.Cell:
    table = next(iter(book[PAGE].tables.values()))
    return book[PAGE][table.ref.split(":")[0]].offset(row, column - 1)


def plant_table(book: Book, name: str, ref: str) -> None:
    table = Table(displayName=name, name=name, ref=ref)
    table._initialise_columns()
    table.autoFilter = None
    book[PAGE].add_table(table)


def plant_link(book: Book, text: str, to: str) -> None:
    cell = book["Cover"]["A4"]
    cell.value = text
    cell.hyperlink = Hyperlink(ref="A4", location=to)


def rename_table(book: Book, name: str) -> None:
    table = book[PAGE].tables.pop("spend_by_place")
    table.name = table.displayName = name
    book[PAGE].add_table(table)


def resize_table(book: Book, more_rows: int) -> None:
    table = book[PAGE].tables["spend_by_place"]
    corner, end = table.ref.split(":")
    table.ref = f"{corner}:{end[0]}{int(end[1:]) + more_rows}"


PLANTED: dict[str, Callable[[Book], object]] = {
    "has merged cells": lambda b: b[PAGE].merge_cells("A30:B30"),
    "has frozen panes": lambda b: setattr(b[PAGE], "freeze_panes", "A2"),
    "has a filter": lambda b: setattr(b[PAGE].auto_filter, "ref", "A6:E9"),
    "has filter buttons": lambda b: setattr(
        b[PAGE].tables["spend_by_place"], "autoFilter", AutoFilter(ref="A6:E9")
    ),
    "is hidden": lambda b: setattr(b[PAGE], "sheet_state", "hidden"),
    "has hidden rows or columns": lambda b: setattr(b[PAGE].row_dimensions[2], "hidden", True),
    "has a page header or footer": lambda b: setattr(b[PAGE].oddFooter.left, "text", "page"),
    "speaks by colour": lambda b: b[PAGE].conditional_formatting.add(
        "A1:B2", ColorScaleRule("min", None, "FF0000", "max", None, "00FF00")
    ),
    "floating above its cells": lambda b: setattr(b[PAGE]["A1"], "comment", Comment("hm", "me")),
    "has no title in A1": lambda b: setattr(b[PAGE]["A1"], "value", None),
    "have the same title": lambda b: setattr(b[PAGE]["A1"], "value", b["Cover"]["A1"].value),
    "is not marked as a table": lambda b: b[PAGE].tables.clear(),
    "has more than one table": lambda b: (
        setattr(b[PAGE]["A40"], "value", "Head"),
        setattr(b[PAGE]["A41"], "value", "body"),
        plant_table(b, "second_table", "A40:A41"),
    ),
    "content below the table": lambda b: setattr(b[PAGE]["A40"], "value", "Source: us"),
    "does not begin in column A": lambda b: (
        setattr(b["Data quality"]["B5"], "value", "Head"),
        b["Data quality"].add_table(Table(displayName="aside", name="aside", ref="B5:B6")),
    ),
    "is an empty cell in a table": lambda b: setattr(cell_of_table(b), "value", None),
    "A11 is an empty cell": lambda b: resize_table(b, 1),
    "names other columns": lambda b: setattr(cell_of_table(b, 0), "value", "Other"),
    "mark of a note in a data cell": lambda b: setattr(cell_of_table(b), "value", "5 [note 1]"),
    "text that is not wrapped": lambda b: setattr(
        cell_of_table(b), "alignment", Alignment(wrap_text=False)
    ),
    "the name Table1 says nothing": lambda b: rename_table(b, "Table1"),
    "the name Sheet3 says nothing": lambda b: setattr(b[PAGE], "title", "Sheet3"),
    "begin with a cover": lambda b: b.move_sheet("Cover", 2),
    "holds a formula": lambda b: setattr(cell_of_table(b), "value", "=1+1"),
    "holds an error value": lambda b: setattr(cell_of_table(b), "value", "#REF!"),
    "not a sans-serif font": lambda b: set_font(b, name="Times New Roman"),
    "smaller than 11": lambda b: set_font(b, size=9),
    "in italics": lambda b: set_font(b, italic=True),
    "underlined and no link": lambda b: set_font(b, underline="single"),
    "has a superscript": lambda b: set_font(b, vertAlign="superscript"),
    "a symbol where a note should be": lambda b: setattr(b[PAGE]["A2"], "value", "Spend*"),
    "has a background fill": lambda b: setattr(
        b[PAGE]["A1"], "fill", PatternFill("solid", fgColor="FFFF00")
    ),
    "has a border": lambda b: setattr(b[PAGE]["A1"], "border", Border(top=Side(style="thin"))),
    "too little contrast": lambda b: set_font(b, color="FFAAAAAA"),
    "colour must not carry a message": lambda b: set_font(b, color="FFC00000"),
    "no document title": lambda b: setattr(b.properties, "title", None),
    "does not state its language": lambda b: setattr(b.properties, "language", None),
    "does not open on its first worksheet": lambda b: setattr(b, "active", 2),
    "cursor is not in A1": lambda b: setattr(
        b["Cover"].sheet_view.selection[0], "activeCell", "B7"
    ),
    "leads nowhere": lambda b: plant_link(b, "See the annexe", "'Annexe'!A1"),
    "does not say where it leads": lambda b: plant_link(b, "click here", "'Notes'!A1"),
    "contents do not lead to Extra": lambda b: setattr(
        b.create_sheet("Extra")["A1"], "value", "Extra"
    ),
    "[note 99] is not in the notes": lambda b: setattr(b[PAGE]["A2"], "value", "See [note 99]"),
    "nothing points to it": lambda b: setattr(b["Notes"]["A9"], "value", "[note 98]"),
    "notes are not numbered": lambda b: setattr(b["Cover"]["A3"], "value", "See [note 2]"),
    "shorthand [k] is not explained": lambda b: setattr(cell_of_table(b), "value", "[k]"),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = make_analysts(tmp_path_factory.mktemp("checklist") / "analysts.duckdb")
    selections = [chosen(path, name) for name in TABLES]
    return write_workbook(Edition(make_facts(), 1, "provisional", []), selections)


@pytest.mark.parametrize("told", PLANTED)
def test_a_planted_violation_is_found(good: bytes, told: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(good))
    PLANTED[told](book)
    out = io.BytesIO()
    book.save(out)
    assert any(told in fault for fault in check_workbook(out.getvalue())), told


def test_opening_and_saving_alone_plants_nothing(good: bytes) -> None:
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(good)).save(out)
    assert check_workbook(out.getvalue()) == []


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("xl/vbaProject.bin", "has macros"),
        ("xl/media/image1.png", "has an image"),
        ("xl/charts/chart1.xml", "has a chart"),
        ("xl/drawings/drawing1.xml", "has a drawing"),
        ("xl/externalLinks/externalLink1.xml", "links to other workbooks"),
    ],
)
def test_a_part_that_does_not_belong_is_found(good: bytes, part: str, told: str) -> None:
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(part, b"")
    assert any(told in fault for fault in check_workbook(out.getvalue()))
