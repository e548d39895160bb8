"""Worksheets in, an accessible .xlsx out: all that openpyxl has to be told."""

import io
import re
import textwrap
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as Marked
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from exports.figures.cell import CellValue, harmless
from flows.common.errors import SocialValueError
from flows.common.files import zip_with_fixed_dates

FONT = "Arial"
SOFTWARE = "Social Value Warehouse"
_PLAIN = Font(name=FONT, size=11, family=2)
_BOLD = Font(name=FONT, size=11, family=2, bold=True)
_HEADING = Font(name=FONT, size=13, family=2, bold=True)
_TITLE = Font(name=FONT, size=16, family=2, bold=True)
_LINK = Font(name=FONT, size=11, family=2, color="FF0B4EA2", underline="single")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST_TEXT = 32_767
_PROSE_WIDTH = 68.0  # wider, it is cut off on A4 where a program has another font
_PAGE_WIDTH = 230.0  # more of it across a page of A4, landscape, is too small to read
_REPEATED = 80.0  # at most so wide are the columns that a further page repeats
_LINE = 14.5  # points that a line of text takes at size 11


class SpreadsheetError(SocialValueError):
    """Something cannot be written to a worksheet; the message says what."""


@dataclass(frozen=True)
class SheetValue:
    """A cell of a worksheet's table: a value, its number format, and the sheet it links to."""

    value: CellValue
    number_format: str = "General"
    link: str | None = None


@dataclass(frozen=True)
class Line:
    """A line of text above the table, or of a sheet of text."""

    text: str
    heading: bool = False
    link: str | None = None


@dataclass(frozen=True)
class SheetTable:
    """The one table of a worksheet; `naming`: how many columns on the left name a row."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[SheetValue]]
    widths: Sequence[float]
    right: Sequence[bool]
    naming: int = 0


@dataclass(frozen=True)
class WorkbookSheet:
    """A worksheet: its title in A1, lines of text, then at most one table."""

    name: str
    title: str
    lines: Sequence[Line] = field(default_factory=tuple)
    table: SheetTable | None = None


def workbook_bytes(
    sheets: Sequence[WorkbookSheet],
    title: str,
    subject: str,
    as_of: datetime,
    creator: str = SOFTWARE,
) -> bytes:
    """The workbook as .xlsx; equal sheets give equal bytes. Raises SpreadsheetError."""
    book = Workbook()
    book.remove(book.active)
    # Widths are counted in digits of the first font; it is Calibri otherwise.
    book._fonts.clear()
    book._fonts.add(_PLAIN)
    book._named_styles["Normal"].font = _PLAIN
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet)
    book.active = 0
    properties = book.properties
    properties.title, properties.subject, properties.language = title, subject, "en-GB"
    properties.creator = creator
    out = io.BytesIO()
    book.save(out)
    return zip_with_fixed_dates(out.getvalue(), as_of)


def _write(page: Worksheet, sheet: WorkbookSheet) -> None:
    prose = sheet.table is None
    _put(page.cell(1, 1), sheet.title, _TITLE, wrap=prose)
    page.row_dimensions[1].height = 30 * (_lines(sheet.title, _PROSE_WIDTH * 0.65) if prose else 1)
    row = 1
    for row, line in enumerate(sheet.lines, start=2):
        cell = page.cell(row, 1)
        # Above a table a line runs on to the right over empty cells: wrapped, it would stand
        # in the first column's width, a word or two to the line.
        _put(cell, line.text, _HEADING if line.heading else _PLAIN, wrap=prose)
        height = _LINE * (_lines(line.text, _PROSE_WIDTH) if prose else 1) + 3
        page.row_dimensions[row].height = height + 10 if line.heading else height
        if line.heading:
            cell.alignment = Alignment(wrap_text=prose, vertical="bottom", horizontal="left")
        if line.link:
            _link(cell, line.link)
    if sheet.table is None:
        page.column_dimensions["A"].width = _PROSE_WIDTH
    else:
        _write_table(page, sheet.table, row + 1)
    page.page_setup.orientation = "portrait" if prose else "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = _pages_across(sheet.table), 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _write_table(page: Worksheet, table: SheetTable, top: int) -> None:
    for place, (header, width) in enumerate(zip(table.headers, table.widths, strict=True), start=1):
        page.column_dimensions[get_column_letter(place)].width = width
        _put(page.cell(top, place), header, _BOLD, right=table.right[place - 1])
    page.row_dimensions[top].height = _height(
        table.headers, [width * 0.9 for width in table.widths]
    )
    styles: dict[tuple[bool, bool, str, bool], StyleArray] = {}  # to work each out takes long
    for at, row in enumerate(table.rows, start=top + 1):
        for place, entry in enumerate(row, start=1):
            cell, right = page.cell(at, place), table.right[place - 1]
            _fill(cell, entry.value)
            alike = (right, place > 1, entry.number_format, bool(cell.quotePrefix))
            if alike in styles:
                cell._style = copy(styles[alike])
            else:
                _dress(cell, _PLAIN, right=right)
                cell.number_format = entry.number_format
                styles[alike] = cell._style
            if entry.link:
                _link(cell, entry.link)
        texts = [entry.value if isinstance(entry.value, str) else "" for entry in row]
        page.row_dimensions[at].height = _height(texts, table.widths)
    corner = f"{get_column_letter(len(table.headers))}{top + len(table.rows)}"
    marked = Marked(displayName=table.name, name=table.name, ref=f"A{top}:{corner}")
    # Named here, not by openpyxl, which would add filter buttons.
    marked.tableColumns = [
        TableColumn(id=place, name=header) for place, header in enumerate(table.headers, start=1)
    ]
    page.add_table(marked)
    page.print_title_rows = f"{top}:{top}"
    if _pages_across(table) > 1 and 0 < sum(table.widths[: table.naming]) <= _REPEATED:
        page.print_title_cols = f"A:{get_column_letter(table.naming)}"


def _pages_across(table: SheetTable | None) -> int:
    return 1 if table is None else ceil(sum(table.widths) / _PAGE_WIDTH)


def _put(
    cell: SheetCell, value: CellValue, font: Font, right: bool = False, wrap: bool = True
) -> None:
    """Put a value in a cell, and say how it looks."""
    _fill(cell, value)
    _dress(cell, font, right, wrap)


def _fill(cell: SheetCell, value: CellValue) -> None:
    """Put a value in a cell so that text stays text, whatever it begins with."""
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            raise SpreadsheetError(
                f"A text of {len(value):,} characters does not fit a worksheet's cell"
                f" (at most {_LONGEST_TEXT:,}): it begins {value[:40]!r}."
            )
        cell.value = _CONTROL.sub("\ufffd", value)
        cell.data_type = "s"
        cell.quotePrefix = harmless(value) != value
    else:
        cell.value = value


def _dress(cell: SheetCell, font: Font, right: bool = False, wrap: bool = True) -> None:
    cell.font = font
    cell.alignment = Alignment(
        wrap_text=wrap,
        vertical="top",
        horizontal="right" if right else "left",
        # Keeps text off the figure in the column before; programs indent figures differently.
        indent=1 if wrap and not right and cell.column > 1 else 0,
    )


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """The height of a row of wrapped texts: not every program works it out when it opens a file."""
    return 3 + _LINE * max(_lines(text, width) for text, width in zip(texts, widths, strict=True))


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width; rather one too many."""
    # A long line holds more letters than digits, in which widths are counted.
    room = max(1, int(width * 1.05 if width > 40 else width - 1))
    return 1 if len(text) <= room else max(1, len(textwrap.wrap(text, room)))


def _link(cell: SheetCell, sheet: str) -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A1")
    cell.font = _LINK


def number_format(value: CellValue, decimals: int = 0) -> str:
    """The number format in which a published value is shown."""
    if isinstance(value, datetime):
        return "d mmm yyyy hh:mm"
    if isinstance(value, date):
        return "d mmm yyyy"
    if isinstance(value, (str, bool)) or value is None:
        return "General"
    return "#,##0" + ("." + "0" * decimals if decimals else "")
