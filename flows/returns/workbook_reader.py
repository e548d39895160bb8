"""Workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods) into the scratch database as text, sheet by sheet.

python-calamine reads them, in a process of its own with bounded memory and time; macros are never
looked at. Error values and formulas without a value stand in their cells as text, so that they
become findings and never blanks.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from flows.returns.contract import Contract
from flows.returns.file import File
from flows.returns.regions import read_regions
from flows.returns.rejection import Rejected
from flows.returns.rows import Aside, RawRows, make_raw_rows
from flows.returns.workbook_file import OddCell, check_archive, odd_cells

SECONDS = 120
MEGABYTES = 3000  # of address space; a workbook of 100,000 rows needs about 400
ZIP = b"PK\x03\x04"


def read_workbook(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    scratch: Path,
    contract: Contract,
    sender: str,
    on: date,
) -> RawRows:
    """The workbook's rows as table `raw_rows`, and the headers they stand under.

    Every sheet with a header is read; one without is left out as long as another has one. Raises
    Rejected where none has, or where the file is locked, damaged or no workbook.
    """
    odd: dict[str, list[OddCell]] = {}
    with file.path.open("rb") as stream:
        is_zip = stream.read(4) == ZIP
    if is_zip:
        check_archive(file.path, file.name)
        odd = odd_cells(file.path, file.name)
    else:
        _refuse_locked(file)
    sheets = _sheets(file, scratch, odd)
    make_raw_rows(connection, contract)
    raw = RawRows([], [], "workbook", "calamine")
    refusal: Rejected | None = None
    filled = {name: rows for name, rows in sheets.items() if any(any(row) for row in rows)}
    for name, rows in filled.items():
        where = f"{file.name}, sheet {name}"
        try:
            headers, aside = read_regions(
                connection, name, rows.__iter__, contract, sender, on, where
            )
        except Rejected as rejected:
            refusal = refusal or rejected
            raw.left_out.append(name)
            continue
        raw.headers.extend(headers)
        raw.aside.extend(aside)
    if not raw.headers:
        raise refusal or Rejected("read", f"{file.name} has only empty sheets: send it again.")
    for name in raw.left_out:
        raw.aside.extend(Aside(name, n, "other sheet") for n in range(1, len(filled[name]) + 1))
    return raw


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
        raise _unreadable(file, str(error)) from None
    if locked:
        raise Rejected("read", f"{file.name} is locked with a password: send it without one.")


def _sheets(file: File, scratch: Path, odd: dict[str, list[OddCell]]) -> dict[str, list[list[str]]]:
    """Every sheet's rows as text, from the first row and the first column on."""
    output = scratch / f"{file.sha256[:16]}.rows.jsonl"
    try:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "flows.returns.calamine_child",
                str(file.path),
                str(output),
                str(MEGABYTES),
            ],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode == 4:
            raise Rejected("read", f"{file.name} is locked with a password: send it without one.")
        if done.returncode:
            raise _unreadable(file, (done.stderr.strip().splitlines() or ["it is damaged"])[-1])
        sheets = _read_lines(output)
    except subprocess.TimeoutExpired:
        raise _unreadable(file, f"it takes more than {SECONDS} seconds to open") from None
    finally:
        output.unlink(missing_ok=True)
    for name, cells in odd.items():
        _put_in(sheets.get(name, []), cells)
    return sheets


def _unreadable(file: File, why: str) -> Rejected:
    short = " ".join(why.split())[:120].rstrip(".")
    return Rejected(
        "read", f"{file.name} cannot be read as a workbook ({short}): save it again and send it."
    )


def _read_lines(path: Path) -> dict[str, list[list[str]]]:
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in _lines(path):
        if isinstance(line, dict):
            rows = sheets.setdefault(line["sheet"], [])
        else:
            rows.append(line)
    return sheets


def _lines(path: Path) -> Iterator[dict[str, str] | list[str]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _put_in(rows: list[list[str]], cells: list[OddCell]) -> None:
    """Let the error or the formula stand where the reader saw nothing."""
    for cell in cells:
        place = re.fullmatch(r"([A-Z]+)(\d+)", cell.place)
        if place is None:
            continue
        row, column = int(place[2]) - 1, 0
        for letter in place[1]:
            column = column * 26 + ord(letter) - 64
        if row < len(rows) and column <= len(rows[row]) and not rows[row][column - 1]:
            rows[row][column - 1] = cell.says
