"""Workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods) into the scratch database as text, sheet by sheet.

python-calamine reads them, in a process of its own with bounded memory and time; macros are never
looked at. Error values and formulas without a value stand in their cells as text, so that they
become findings and never blanks.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import orjson

from flows.common.errors import Rejected, SocialValueError
from flows.common.files import anonymous_file
from flows.returns.column_help import is_help
from flows.returns.contract import Contract
from flows.returns.file import File
from flows.returns.header import is_header
from flows.returns.readers.sandbox import WorkbookReader, unreadable
from flows.returns.readers.sheet import Rows, Sheet, spread_merged
from flows.returns.readers.sister_sheets import looks_like
from flows.returns.readers.workbook_xml import OddCell, check_archive, odd_cells
from flows.returns.regions import Top, first_header, read_regions
from flows.returns.rows import Aside, RawRows, make_raw_rows
from flows.returns.workspace import workspace

ZIP = b"PK\x03\x04"


def read_workbook(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    scratch: Path,
    contract: Contract,
    sender: str,
    on: date,
    reader: WorkbookReader,
) -> dict[str, RawRows]:
    """The workbook's rows as `raw_rows` in each table's workspace, and the headers above them.

    Every sheet with a header of one of the contract's tables is read as that table; one that is
    plainly none is left out as long as another has the return's own. Raises Rejected where none
    has, where one has some of a table's headings or looks like the others, where a table that must
    come has no sheet, or where the file is locked, damaged or no workbook.
    """
    every = {
        name: sheet
        for name, sheet in open_workbook(file, scratch, reader).items()
        if any(any(row) for row in sheet.rows) and not is_help(sheet.rows)
    }
    hidden = [name for name, sheet in every.items() if sheet.is_hidden]
    if hidden and contract.hidden_sheets == "refuse":
        raise Rejected(
            "read",
            f"{file.name} has hidden sheets ({', '.join(hidden)}): show them, or take them out.",
        )
    sheets = {
        name: sheet
        for name, sheet in every.items()
        if contract.hidden_sheets == "read" or not sheet.is_hidden
    }
    tables = contract.tables
    read = {name: RawRows([], [], "workbook", "calamine") for name in tables}
    for name, table in tables.items():
        with workspace(connection, name) as inside:
            make_raw_rows(inside, table)
    own = read[contract.return_name]
    own.hidden.extend(hidden)
    refusal: Rejected | None = None
    others: dict[str, Rejected] = {}
    for sheet in every.keys() - sheets.keys():
        _leave_out(own, sheet, every[sheet].rows)
    for sheet, content in sheets.items():
        where = f"{file.name}, sheet {sheet}"
        try:
            name, top = _table_of(sheet, content.rows, contract, sender, on, where)
        except _OtherSheet as other:
            refusal = refusal or other.because
            others[sheet] = other.because
            _leave_out(own, sheet, content.rows)
            own.left_out.append(sheet)
            continue
        rows, merged = spread_merged(content, top.header.columns, top.header.row, tables[name])
        read[name].merged.extend((sheet, row, column) for row, column in merged)
        with workspace(connection, name) as inside:
            headers, aside = read_regions(inside, rows.__iter__, tables[name], sender, on, top)
        read[name].headers.extend(headers)
        read[name].aside.extend(aside)
    for sheet, because in others.items():
        if own.headers and looks_like(sheets[sheet].rows, own.headers, sheets):
            raise because
    if not own.headers:
        raise refusal or Rejected("read", f"{file.name} {_lack(sheets, contract)}")
    return {name: raw for name, raw in read.items() if raw.headers}


def _leave_out(own: RawRows, sheet: str, rows: Rows) -> None:
    own.aside.extend(Aside(sheet, n, "other sheet") for n in range(1, len(rows) + 1))


def _lack(sheets: Mapping[str, Sheet], contract: Contract) -> str:
    if sheets:
        return f"holds no sheet of {contract.title.lower()}: add it."
    return "has only empty sheets: send it again."


class _OtherSheet(SocialValueError):
    """A sheet that holds no table of the return's, and why it is not read as its own."""

    def __init__(self, because: Rejected) -> None:
        super().__init__(because.reason)
        self.because = because


def _table_of(
    sheet: str, rows: list[list[str]], contract: Contract, sender: str, on: date, where: str
) -> tuple[str, Top]:
    """Which table the sheet holds: what it is called decides, then the table with most columns.

    Raises Rejected where it has only some of a table's columns and is called so or holds no other,
    _OtherSheet where it holds none.
    """
    tops: dict[str, Top] = {}
    refusals: dict[str, Rejected] = {}
    for name, table in contract.tables.items():
        try:
            tops[name] = first_header(sheet, rows.__iter__, table, sender, on, where)
        except Rejected as rejected:
            refusals[name] = rejected
    named = [name for name, table in contract.tables.items() if table.is_called(sheet)]
    for name in sorted(refusals, key=lambda one: one not in named):
        has_some = any(is_header(row, contract.tables[name]) for row in rows)
        if has_some and (name in named or not tops):
            raise refusals[name]
    if not tops:
        raise _OtherSheet(refusals[contract.return_name])
    name = max(tops, key=lambda one: (one in named, len(tops[one].header.columns)))
    return name, tops[name]


def open_sheets(file: File, scratch: Path, reader: WorkbookReader) -> dict[str, Rows]:
    """Every sheet's rows, as `open_workbook` reads them. Raises Rejected as it does."""
    return {name: one.rows for name, one in open_workbook(file, scratch, reader).items()}


def open_workbook(file: File, scratch: Path, reader: WorkbookReader) -> dict[str, Sheet]:
    """Every sheet as text, error values and formulas without a value among it.

    Raises Rejected where the file is locked, damaged or no workbook.
    """
    odd: dict[str, list[OddCell]] = {}
    with file.path.open("rb") as stream:
        is_zip = stream.read(4) == ZIP
    if is_zip:
        check_archive(file.path, file.name)
        odd = odd_cells(file.path, file.name)
    else:
        _refuse_locked(file)
    return _sheets(file, scratch, odd, reader)


def _refuse_locked(file: File) -> None:
    """An old workbook or a locked one is an OLE file: ask which."""
    import msoffcrypto
    from msoffcrypto.exceptions import FileFormatError

    try:
        with file.path.open("rb") as stream:
            locked = msoffcrypto.OfficeFile(stream).is_encrypted()
    except (FileFormatError, OSError, ValueError, IndexError, KeyError, TypeError, AttributeError):
        return  # the reader says what is wrong with it
    except Exception as error:  # its parsers raise what they like on damaged files
        raise unreadable(file, str(error)) from None
    if locked:
        raise Rejected("read", f"{file.name} is locked with a password: send it without one.")


def _sheets(
    file: File, scratch: Path, odd: dict[str, list[OddCell]], reader: WorkbookReader
) -> dict[str, Sheet]:
    """Every sheet, its rows from the first and their cells from the first column on."""
    with anonymous_file(scratch) as output:
        reader.read(file, output)
        sheets = _read_lines(output)
    for name, cells in odd.items():
        if name in sheets:
            _put_in(sheets[name].rows, cells)
    return sheets


def _read_lines(path: Path) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    rows: Rows = []
    for line in _lines(path):
        if isinstance(line, dict):
            rows = []
            merged = [(tuple(first), tuple(last)) for first, last in line["merged"]]
            sheets[line["sheet"]] = Sheet(rows, merged, line["is_hidden"])
        else:
            rows.append(line)
    return sheets


def _lines(path: Path) -> Iterator[dict[str, Any] | list[str]]:
    with path.open("rb") as stream:
        for line in stream:
            yield orjson.loads(line)


def _put_in(rows: list[list[str]], cells: list[OddCell]) -> None:
    """Let the error or the formula stand where the reader saw nothing, or a placeholder."""
    for cell in cells:
        place = re.fullmatch(r"([A-Z]+)(\d+)", cell.place)
        if place is None:
            continue
        row, column = int(place[2]) - 1, 0
        for letter in place[1]:
            column = column * 26 + ord(letter) - 64
        if row < len(rows) and column <= len(rows[row]):
            rows[row][column - 1] = cell.says
