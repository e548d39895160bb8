"""The answer to a sender in their own workbook: each bad cell is filled, and a comment says why.

The copy reads as the original does, cell for cell, or it is not written at all. Formulas stand in
it as the values they had, macros are dropped, and what openpyxl does not know (pictures, charts) is
not kept: the sender mends their own file, or this one.
"""

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import duckdb
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from flows.common.errors import Rejected, SocialValueError
from flows.common.files import anonymous_file, zip_with_fixed_dates
from flows.returns.file import File
from flows.returns.header import Header
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.readers.workbook_xml import check_archive, odd_cells
from flows.returns.readers.workbooks import ZIP, open_sheets
from flows.returns.rows import RawRows

MOST_BYTES = 20 << 20
MOST_CELLS = 200_000
MOST_MARKS = 2_000
AUTHOR = "Social Value Warehouse"
LOST_ROW, TAKEN_ROW = "This row is not taken. ", "This row is taken; please look. "
LOST = PatternFill("solid", fgColor="FFFFC7CE")  # what it says stands in the comment, too
ODD = PatternFill("solid", fgColor="FFFFEB9C")
TOO_LARGE = (
    "The workbook is too large to be marked (more than 20 MB or 200,000 cells): use this list."
)
NOT_ALIKE = "No marked copy of the workbook could be made: use this list."


@dataclass(frozen=True)
class Mark:
    """A cell by sheet, row (from 1) and place (from 0), what is wrong with it and what to do.

    `is_lost`: its row was not taken.
    """

    sheet: str
    row: int
    place: int
    says: str
    is_lost: bool


class NotMarked(SocialValueError):
    """There is no marked copy, and the sentence says why; '' where nobody expects one."""


def marks_of(connection: duckdb.DuckDBPyConnection, tables: dict[str, RawRows]) -> list[Mark]:
    """The cells of what was found so far in a workbook's tables, by sheet, row and place."""
    there = connection.execute(
        "select schema_name from duckdb_tables() where table_name = 'kept_findings'"
    ).fetchall()
    found: list[Mark] = []
    for name in tables.keys() & {str(schema) for (schema,) in there}:
        rows = connection.execute(
            f"""select _sheet, _row, "column", message, severity from "{name}".kept_findings """
            "where _sheet <> '' and _row is not null"
        ).fetchall()
        for sheet, row, column, message, severity in rows:
            place = _place(tables[name].headers, sheet, row, column)
            is_lost = severity in ("quarantine", "reject")
            fate = LOST_ROW if is_lost else TAKEN_ROW if column else ""
            found.append(Mark(sheet, row, place, f"{fate}{message}", is_lost))
    return sorted(found, key=lambda mark: (mark.sheet, mark.row, mark.place, mark.says))


def _place(headers: Sequence[Header], sheet: str, row: int, column: str | None) -> int:
    """Where a column stands in the row, by the header above it; the row's first if nowhere."""
    own = [header for header in headers if header.sheet == sheet]
    above = [header for header in own if header.row <= row] or own
    if not above:
        return 0
    places = above[-1].columns
    return places.get(column or "", min(places.values(), default=0))


def rows_lost(number: int) -> str:
    """What the first cell of a partly taken workbook says."""
    what = (
        "1 row was not taken: the cell that is wrong is"
        if number == 1
        else (f"{number:,} rows were not taken: the cells that are wrong are")
    )
    return (
        f"{what} filled, and a comment says what to do. Mend your own workbook, or this one (its "
        "formulas stand as values), and send all of it again under the same name."
    )


def marked_copy(
    file: File, marks: Sequence[Mark], summary: str, scratch: Path, moment: datetime
) -> bytes:
    """The sender's workbook with the cells marked, and `summary` as a comment on its first cell.

    Raises NotMarked where the file is no .xlsx, too large, or does not read alike as a copy.
    """
    with file.path.open("rb") as stream:
        if stream.read(4) != ZIP:
            raise NotMarked("")
    if file.size_bytes > MOST_BYTES:
        raise NotMarked(TOO_LARGE)
    try:
        check_archive(file.path, file.name)
        if _cells(file.path) > MOST_CELLS:
            raise NotMarked(TOO_LARGE)
        with WorkbookReader() as reader:
            original = open_sheets(file, scratch, reader)
            with file.path.open("rb") as stream:
                book = load_workbook(stream, data_only=True, keep_vba=False)
            _put_formulas_back(book, file)
            _mark(book, marks, summary)
            out = io.BytesIO()
            book.save(out)
            copy = zip_with_fixed_dates(out.getvalue(), moment)
            if _trimmed(_read_again(copy, file, scratch, reader)) != _trimmed(original):
                raise NotMarked(NOT_ALIKE)
    except NotMarked:
        raise
    except Rejected:
        raise NotMarked("") from None
    except Exception as error:  # its parsers raise what they like on damaged files
        raise NotMarked(NOT_ALIKE) from error
    return copy


def _cells(path: Path) -> int:
    with ZipFile(path) as archive:
        return sum(
            archive.read(member).count(b"<c ")
            for member in archive.namelist()
            if member.startswith("xl/worksheets/")
        )


def _put_formulas_back(book: Workbook, file: File) -> None:
    """A formula that was never worked out has no value to stand for it: it stays what it is."""
    for sheet, cells in odd_cells(file.path, file.name).items():
        for cell in cells:
            if cell.says.startswith("=") and sheet in book.sheetnames:
                book[sheet][cell.place].value = cell.says


def _mark(book: Workbook, marks: Sequence[Mark], summary: str) -> None:
    by_cell: dict[tuple[str, int, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        by_cell[mark.sheet, mark.row, mark.place].append(mark)
    first = (book.worksheets[0].title, 1, 0)
    marked = dict(list(by_cell.items())[:MOST_MARKS])
    texts = {cell: [mark.says for mark in found] for cell, found in marked.items()}
    texts[first] = [summary, *texts.get(first, [])]
    if len(by_cell) > MOST_MARKS:
        texts[first].append(f"The first {MOST_MARKS:,} cells are marked; the list has them all.")
    for (sheet, row, place), lines in texts.items():
        cell = book[sheet].cell(row, place + 1)
        cell.comment = Comment("\n".join(lines), AUTHOR, width=360, height=30 + 45 * len(lines))
        if found := marked.get((sheet, row, place)):
            cell.fill = LOST if any(mark.is_lost for mark in found) else ODD


def _read_again(
    copy: bytes, file: File, scratch: Path, reader: WorkbookReader
) -> dict[str, list[list[str]]]:
    with anonymous_file(scratch) as path:
        path.write_bytes(copy)
        return open_sheets(replace(file, path=path), scratch, reader)


def _trimmed(sheets: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    """Rows without blanks at their end, and sheets without blank rows at theirs."""
    trimmed: dict[str, list[list[str]]] = {}
    for name, rows in sheets.items():
        kept = [row[: max((n for n, c in enumerate(row, start=1) if c), default=0)] for row in rows]
        while kept and not kept[-1]:
            kept.pop()
        trimmed[name] = kept
    return trimmed
