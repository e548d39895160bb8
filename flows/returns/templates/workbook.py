"""A blank workbook made from a contract: what it asks for is what the reader knows.

Headers are the contract's preferred words and are protected; whole columns carry format, width and
validation, so any number of rows can be filled in. Help stands on sheets of its own.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as Marked
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from flows.common.files import zip_with_fixed_dates
from flows.returns.column import Column, Type
from flows.returns.column_help import how_to_write
from flows.returns.contract import Contract, Table
from flows.returns.templates.help import (
    WORDS,
    HelpSheet,
    Listing,
    columns_asked,
    help_sheets,
    sheet_names,
    words_allowed,
)

MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (equal contracts give equal bytes: it has no moment)
HEADER_ROW = 3
LAST_ROW = 1_048_576
MARKED_ROWS = 2_000  # that screen readers are told belong to the table; more may be filled in
WIDTHS: dict[Type, int] = {
    "text": 30, "code": 20, "money": 16, "date": 14, "moment": 18, "integer": 12, "number": 14,
    "boolean": 12, "postcode": 12, "month": 12,
}  # fmt: skip
FORMATS: dict[Type, str] = {
    "code": "@", "postcode": "@", "month": "@", "text": "@", "money": "#,##0.00",
    "date": "dd/mm/yyyy", "moment": "yyyy-mm-dd hh:mm:ss", "integer": "0", "number": "General",
    "boolean": "General",
}  # fmt: skip
PLAIN, BOLD = Font(name="Arial", size=11), Font(name="Arial", size=11, bold=True)
TITLE = Font(name="Arial", size=16, bold=True)
LINK = Font(name="Arial", size=11, color="FF0B4EA2", underline="single")


def template_bytes(contract: Contract, listings: dict[str, Listing], file_name: str) -> bytes:
    """The template of a return as .xlsx; equal contracts and listings give equal bytes.

    `listings`: the seeds that columns are listed in, by the seed's name. `file_name`: what the
    sender should call the file.
    """
    book = Workbook()
    book.remove(book.active)
    book._fonts.clear()  # widths are counted in digits of the first font
    book._fonts.add(PLAIN)
    book._named_styles["Normal"].font = PLAIN
    lists = _lists(contract, listings)
    for name, table in contract.tables.items():
        _write_rows(book.create_sheet(sheet_names(contract)[name]), name, table, lists)
    for sheet in help_sheets(contract, listings, file_name):
        _write_help(book.create_sheet(sheet.name), sheet)
    book.active = 0
    properties = book.properties
    properties.title = f"Template: {contract.title}"
    properties.subject = f"{contract.return_name}, contract version {contract.version}"
    properties.language, properties.creator = "en-GB", "Social Value Warehouse"
    out = io.BytesIO()
    book.save(out)
    return zip_with_fixed_dates(out.getvalue(), MADE)


def _lists(contract: Contract, listings: dict[str, Listing]) -> dict[str, str]:
    """The cells that a drop-down takes its words from: by `sheet|header`, or by a seed's name.

    Help sheets of lists have a title, a line and a header above their rows.
    """
    spans: dict[str, list[int]] = {}
    for row, (sheet, header, _) in enumerate(words_allowed(contract), start=HEADER_ROW + 1):
        spans.setdefault(f"{sheet}|{header}", []).append(row)
    ranges = {key: f"'{WORDS}'!$C${rows[0]}:$C${rows[-1]}" for key, rows in spans.items()}
    for seed, one in listings.items():
        ranges[seed] = f"'{one.name}'!$A${HEADER_ROW + 1}:$A${HEADER_ROW + len(one.rows)}"
    return ranges


def _write_rows(page: Worksheet, name: str, table: Table, lists: dict[str, str]) -> None:
    """A sheet to fill in: title, a line that leads to the help, headers, and nothing below."""
    columns = columns_asked(table)
    headers = [column.aliases[0] for column in columns]
    _put(page.cell(1, 1), table.title, TITLE)
    _put(page.cell(2, 1), f"One row is {table.grain}. The sheet Help says how to fill it in.", LINK)
    page.cell(2, 1).hyperlink = Hyperlink(ref="A2", location="'Help'!A1")
    tallest = 1
    for place, (column, header) in enumerate(zip(columns, headers, strict=True), start=1):
        letter = get_column_letter(place)
        width = _width(column, header)
        dimension = page.column_dimensions[letter]
        dimension.width, dimension.font = width, PLAIN
        dimension.protection = Protection(locked=False)
        dimension.number_format = "General" if column.free_text else FORMATS[column.type]
        dimension.alignment = Alignment(wrap_text=True, vertical="top")
        _put(page.cell(HEADER_ROW, place), header, BOLD, wrap=True)
        tallest = max(tallest, ceil(len(header) / (width - 2)))
        rule = _rule(column, lists, f"{page.title}|{header}")
        rule.add(f"{letter}{HEADER_ROW + 1}:{letter}{LAST_ROW}")
        page.add_data_validation(rule)
    page.row_dimensions[1].height = 30
    page.row_dimensions[HEADER_ROW].height = 4 + 15 * tallest
    _mark(page, f"{name}_rows", headers, HEADER_ROW + MARKED_ROWS)
    page.protection.sheet = True
    for may in ("formatColumns", "formatRows", "formatCells", "insertRows", "deleteRows", "sort"):
        setattr(page.protection, may, False)  # False: not forbidden
    _set_up(page)


def _rule(column: Column, lists: dict[str, str], key: str) -> DataValidation:
    """What may be typed in a column, what is said before, and what is said if it is not that."""
    how = how_to_write(column)
    rule = _kind_of_rule(column, lists, key)
    rule.showInputMessage, rule.allow_blank = True, True
    rule.promptTitle = column.aliases[0][:32]
    rule.prompt = _cut(f"{column.meaning}.{_example(column)}")
    if rule.type is not None:
        rule.showErrorMessage = True
        rule.errorTitle = "This does not read"
        rule.error = _cut(f"This column holds {how or 'a code from the list'}.")
    return rule


def _kind_of_rule(column: Column, lists: dict[str, str], key: str) -> DataValidation:
    if column.one_of is not None:
        return DataValidation(type="list", formula1=lists[key])
    if column.listed_in in lists:
        # Other templates' codes are known too, so the list is offered and not forced.
        return DataValidation(type="list", formula1=lists[column.listed_in], errorStyle="warning")
    if column.type == "boolean":
        return DataValidation(type="list", formula1='"Yes,No"')
    if column.type in ("money", "number", "integer"):
        kind = "whole" if column.type == "integer" else "decimal"
        return DataValidation(kind, operator="between", formula1="-1E+12", formula2="1E+12")
    if column.type in ("date", "moment"):
        return DataValidation("date", operator="between", formula1="1", formula2="109574")
    if column.type in ("month", "postcode"):
        shortest, longest = (7, 7) if column.type == "month" else (5, 8)
        return DataValidation(
            "textLength", operator="between", formula1=str(shortest), formula2=str(longest)
        )
    return DataValidation()


def _example(column: Column) -> str:
    """What is said of the way to write it before anything is typed."""
    if column.one_of is not None:
        return " Choose one of the list."
    if column.type in ("number", "integer"):
        return ""
    written = (how_to_write(column) or "").partition(": write ")[2].removeprefix("it as ")
    return f" Write {written}." if written else ""


def _write_help(page: Worksheet, sheet: HelpSheet) -> None:
    _put(page.cell(1, 1), sheet.title, TITLE)
    page.row_dimensions[1].height = 30
    for row, line in enumerate(sheet.lines, start=2):
        _put(page.cell(row, 1), line, PLAIN)
    top = len(sheet.lines) + 2
    for place, (header, width) in enumerate(zip(sheet.headers, sheet.widths, strict=True), start=1):
        page.column_dimensions[get_column_letter(place)].width = width
        _put(page.cell(top, place), header, BOLD, wrap=True)
    for at, row_of in enumerate(sheet.rows, start=top + 1):
        for place, text in enumerate(row_of, start=1):
            _put(page.cell(at, place), text, PLAIN, wrap=True)
        lines = (ceil(len(t) / (w - 2)) for t, w in zip(row_of, sheet.widths, strict=True))
        page.row_dimensions[at].height = 4 + 15 * max(1, *lines)
    _mark(page, sheet.name.replace(" ", "_"), sheet.headers, top + len(sheet.rows), top)
    page.protection.sheet = True
    _set_up(page)


def _mark(
    page: Worksheet, name: str, headers: Sequence[str], last: int, top: int = HEADER_ROW
) -> None:
    """Tell programs and screen readers which cells are a table, and which row is its header."""
    marked = Marked(
        displayName=name, name=name, ref=f"A{top}:{get_column_letter(len(headers))}{last}"
    )
    marked.tableColumns = [TableColumn(id=n, name=h) for n, h in enumerate(headers, start=1)]
    page.add_table(marked)
    page.print_title_rows = f"{top}:{top}"


def _set_up(page: Worksheet) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _put(cell: Cell, text: str, font: Font, wrap: bool = False) -> None:
    cell.value, cell.data_type, cell.font = text, "s", font
    cell.alignment = Alignment(wrap_text=wrap, vertical="top", horizontal="left")


def _width(column: Column, header: str) -> int:
    words = [*column.offered, *header.split()]
    return max(60 if column.free_text else WIDTHS[column.type], *(len(word) + 4 for word in words))


def _cut(text: str) -> str:
    """A message of a spreadsheet has room for 255 characters."""
    return text if len(text) <= 255 else text[:252] + "..."
