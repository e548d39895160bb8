"""A workbook held against the Analysis Function's checklist for accessible spreadsheets.

Points that a machine cannot judge stay with whoever publishes: spelling, plain wording, and the
accessibility checker of a spreadsheet program.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

SANS_SERIF = frozenset(["Arial", "Helvetica", "Calibri", "Verdana", "Tahoma", "Segoe UI"])
SMALLEST = 11
LEAST_CONTRAST = 4.5
_NOTE_MARK = re.compile(r"\[note \d+\]")
_SUPERSCRIPTS = re.compile("[\u00b9\u00b2\u00b3\u2070-\u207f*†‡]")
_NOTE = re.compile(r"\[note (\d+)\]")
_SYMBOL = re.compile(r"^\[[a-z]+\]$")
_MACHINE_NAME = re.compile(r"^(table|sheet)\d*$", re.IGNORECASE)
_PARTS = {
    "xl/drawings/": "has a drawing, image or text box",
    "xl/media/": "has an image",
    "xl/charts/": "has a chart",
    "xl/comments": "has comments, which float above cells",
    "xl/vbaProject": "has macros",
    "xl/externalLinks/": "has links to other workbooks",
}


def check_workbook(workbook: Path | bytes) -> list[str]:
    """Everything in the .xlsx that is against the checklist, as `worksheet: what`."""
    content = workbook if isinstance(workbook, bytes) else workbook.read_bytes()
    book = load_workbook(io.BytesIO(content))
    pages: list[Worksheet] = book.worksheets
    faults = [f"workbook: {what}" for what in _package(content)]
    faults += [f"workbook: {what}" for what in _document(book)]
    faults += [f"workbook: {what}" for what in _names(pages)]
    faults += [f"workbook: {what}" for what in _links(pages)]
    faults += [f"workbook: {what}" for what in _notes_and_symbols(pages)]
    for page in pages:
        faults += [f"{page.title}: {what}" for what in _sheet(page)]
    return faults


def _package(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
    for start, what in _PARTS.items():
        if any(name.startswith(start) for name in names):
            yield what


def _document(book: Workbook) -> Iterator[str]:
    if not book.properties.title:
        yield "has no document title"
    if not book.properties.language:
        yield "does not state its language"
    first = book.worksheets[0]
    if book.active is not first:
        yield "does not open on its first worksheet"
    if any(view.activeCell != "A1" for view in first.sheet_view.selection):
        yield "the cursor is not in A1 of the first worksheet"
    if first.sheet_view.topLeftCell not in (None, "A1"):
        yield "the first worksheet does not open at its top"


def _names(pages: list[Worksheet]) -> Iterator[str]:
    titles = [str(page["A1"].value) for page in pages]
    if len(set(titles)) != len(titles):
        yield "two worksheets have the same title"
    tables = [name for page in pages for name in page.tables]
    if len({name.lower() for name in tables}) != len(tables):
        yield "two tables have the same name"
    for name in [*tables, *(page.title for page in pages)]:
        if _MACHINE_NAME.match(name):
            yield f"the name {name} says nothing"
    names = [page.title for page in pages]
    if names[:2] != ["Cover", "Contents"]:
        yield "does not begin with a cover and the contents"


def _links(pages: list[Worksheet]) -> Iterator[str]:
    targets = {f"'{page.title}'!A1" for page in pages}
    reached: set[str] = set()
    for page in pages:
        linked = [cell for row in page.iter_rows() for cell in row if cell.hyperlink]
        for cell in linked:
            text, place = str(cell.value or ""), cell.hyperlink.location
            if place and place not in targets:
                yield f"the link {text!r} on {page.title} leads nowhere: {place}"
            if text.lower() in ("", "here", "click here", "link") or "://" in text:
                yield f"the link {text!r} on {page.title} does not say where it leads"
            if page.title == "Contents":
                reached.add(str(place))
    for page in pages[2:]:
        if f"'{page.title}'!A1" not in reached:
            yield f"the contents do not lead to {page.title}"


def _notes_and_symbols(pages: list[Worksheet]) -> Iterator[str]:
    marked: list[int] = []
    symbols: set[str] = set()
    explained: dict[str, set[str]] = {"Notes": set(), "Shorthand": set()}
    for page in pages:
        for row in page.iter_rows():
            for cell in row:
                text = str(cell.value or "")
                if page.title in explained:
                    explained[page.title].add(text)
                    continue
                marked += [int(number) for number in _NOTE.findall(text)]
                if _SYMBOL.match(text):
                    symbols.add(text)
    in_order = list(dict.fromkeys(marked))
    if in_order != list(range(1, len(in_order) + 1)):
        yield "notes are not numbered from 1 in the order in which they are met"
    told = {int(number) for text in explained["Notes"] for number in _NOTE.findall(text)}
    for number in sorted(set(marked) - told):
        yield f"[note {number}] is not in the notes"
    for number in sorted(told - set(marked)):
        yield f"[note {number}] is in the notes and nothing points to it"
    for symbol in sorted(symbols - explained["Shorthand"]):
        yield f"the shorthand {symbol} is not explained"


def _sheet(page: Worksheet) -> Iterator[str]:
    """Everything on the worksheet that is against the checklist, as sentences."""
    if not str(page["A1"].value or "").strip():
        yield "has no title in A1"
    yield from _layout(page)
    tables = list(page.tables.values())
    if len(tables) > 1:
        yield "has more than one table"
    loose = [cell for cell in _filled(page) if not any(_holds(table, cell) for table in tables)]
    if any(cell.column > 1 for cell in loose):
        yield "has data outside column A that is not marked as a table"
    for table in tables:
        yield from _table(page, table)
        bottom = range_boundaries(table.ref)[3]
        if any(cell.row > bottom for cell in loose):
            yield f"has content below the table {table.name}"
    for cell in _filled(page):
        yield from (f"{cell.coordinate} {what}" for what in _cell(cell))


def _layout(page: Worksheet) -> Iterator[str]:
    if page.merged_cells.ranges:
        yield "has merged cells"
    if page.freeze_panes:
        yield "has frozen panes"
    if page.auto_filter.ref:
        yield "has a filter"
    if page.sheet_state != "visible":
        yield "is hidden"
    sizes = [*page.row_dimensions.values(), *page.column_dimensions.values()]
    if any(size.hidden for size in sizes):
        yield "has hidden rows or columns"
    if page.conditional_formatting:
        yield "has conditional formatting, which speaks by colour"
    around = [page.oddHeader, page.oddFooter, page.evenHeader, page.evenFooter]
    around += [page.firstHeader, page.firstFooter]
    if any(part.left.text or part.center.text or part.right.text for part in around):
        yield "has a page header or footer"
    if page._images or page._charts or any(cell.comment for cell in _filled(page)):
        yield "has something floating above its cells"


def _table(page: Worksheet, table: Table) -> Iterator[str]:
    left, top, right, bottom = range_boundaries(table.ref)
    if left != 1:
        yield f"the table {table.name} does not begin in column A"
    if table.headerRowCount != 1:
        yield f"the table {table.name} has not one header row"
    if table.autoFilter:
        yield f"the table {table.name} has filter buttons"
    headers = [str(page.cell(top, at).value or "").strip() for at in range(left, right + 1)]
    if headers != [column.name for column in table.tableColumns]:
        yield f"the table {table.name} names other columns than its header row"
    if "" in headers or len({header.lower() for header in headers}) != len(headers):
        yield f"the table {table.name} has headers that are empty or alike"
    if bottom == top:
        yield f"the table {table.name} has no rows"
    yield from _table_cells(page, table)


def _table_cells(page: Worksheet, table: Table) -> Iterator[str]:
    left, top, right, bottom = range_boundaries(table.ref)
    rows = list(page.iter_rows(top, bottom, left, right))
    for row in rows[1:]:
        for cell in row:
            if cell.value is None or not str(cell.value).strip():
                yield f"{cell.coordinate} is an empty cell in a table"
            if page.title != "Notes" and _NOTE_MARK.search(str(cell.value)):
                yield f"{cell.coordinate} has the mark of a note in a data cell"
    if not all(cell.alignment.wrap_text for row in rows for cell in row):
        yield f"the table {table.name} has text that is not wrapped"


def _cell(cell: Cell) -> Iterator[str]:
    if cell.data_type == "f":
        yield "holds a formula"
    if cell.data_type == "e":
        yield "holds an error value"
    if cell.fill.fill_type:
        yield "has a background fill"
    border = cell.border
    if any(side and side.style for side in (border.left, border.right, border.top, border.bottom)):
        yield "has a border"
    yield from _font(cell)


def _font(cell: Cell) -> Iterator[str]:
    font = cell.font
    if font.name not in SANS_SERIF:
        yield f"is in {font.name}, which is not a sans-serif font"
    if (font.size or 0) < SMALLEST:
        yield f"is in size {font.size}, smaller than {SMALLEST}"
    if font.italic or font.strike:
        yield "is in italics or struck out"
    if font.underline and not cell.hyperlink:
        yield "is underlined and no link"
    if font.vertAlign or (cell.data_type == "s" and _SUPERSCRIPTS.search(str(cell.value))):
        yield "has a superscript or a symbol where a note should be"
    if (contrast := _contrast_on_white(cell)) < LEAST_CONTRAST:
        yield f"has text of too little contrast ({contrast:.1f} to 1)"
    if _rgb(cell) != "000000" and not cell.hyperlink:
        yield "is coloured and no link: colour must not carry a message"


def _filled(page: Worksheet) -> list[Cell]:
    return [cell for row in page.iter_rows() for cell in row if cell.value is not None]


def _holds(table: Table, cell: Cell) -> bool:
    left, top, right, bottom = range_boundaries(table.ref)
    return bool(left <= cell.column <= right and top <= cell.row <= bottom)


def _rgb(cell: Cell) -> str:
    colour = cell.font.color
    return colour.rgb[-6:] if colour is not None and colour.type == "rgb" else "000000"


def _contrast_on_white(cell: Cell) -> float:
    """The contrast of the text with white, as WCAG 2 reckons it."""
    parts = [int(_rgb(cell)[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
