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
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.sheet_checks import check_sheet

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
        faults += [f"{page.title}: {what}" for what in check_sheet(page)]
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
