"""Whether a workbook is safe to open, and what its reader would not tell: error and formula cells.

python-calamine shows an error value, a formula that was never worked out and a blank cell alike as
empty, and trusts what a file says of its size. So the XML of each sheet is looked at first.
"""

import errno
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from defusedxml import ElementTree

from flows.common.errors import Rejected

MOST_BYTES = 1 << 30  # unpacked; a real workbook of a million rows has about 300 MB
MOST_TIMES = 300  # how much larger than the file what is in it may be
MOST_CELLS = 60_000_000  # the rectangle that a sheet's cells span
CHUNK = 1 << 22
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_ODD_CELL = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True)
class OddCell:
    """A cell without a value: where it is (`B7`), and the error or formula that stands there."""

    place: str
    says: str


def check_archive(path: Path, name: str) -> None:
    """Refuse a zip archive that is damaged, locked, a bomb, or that names outside entities.

    Raises Rejected with one sentence.
    """
    with _damage_answered(name), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        if any(member.flag_bits & 1 for member in members):
            raise Rejected("read", f"{name} is locked with a password: send it without one.")
        if unpacked > MOST_BYTES or unpacked > max(path.stat().st_size, 1 << 16) * MOST_TIMES:
            raise Rejected(
                "read",
                f"{name} unpacks to {unpacked >> 20} MB, which no return does: send the rows "
                "as CSV.",
            )
        if not any(
            m.filename in ("xl/workbook.xml", "xl/workbook.bin", "content.xml") for m in members
        ):
            raise Rejected("read", f"{name} is a zip archive, not a workbook: send what is in it.")
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                _refuse_entities(archive, member, name)


def _refuse_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    with archive.open(member) as stream:
        start = stream.read(4096)
    if b"<!DOCTYPE" in start.upper() or b"<!ENTITY" in start.upper():
        raise Rejected(
            "read",
            f"{name} holds a document type or entity in {Path(member.filename).name}, which no "
            "workbook needs: save it again from the spreadsheet program.",
        )


def odd_cells(path: Path, name: str) -> dict[str, list[OddCell]]:
    """The error cells and formulas without a value, by sheet name.

    Raises Rejected where a sheet's cells span more than can be read.
    """
    found: dict[str, list[OddCell]] = {}
    uncalculated: dict[str, list[OddCell]] = {}
    calculated = False
    with _damage_answered(name), zipfile.ZipFile(path) as archive:
        asks_for_it = _asks_to_be_calculated(archive)
        for sheet, member in _sheets(archive).items():
            data = archive.read(member)
            _refuse_vast(data, name)
            if b't="e"' in data or b"<f" in data:
                found[sheet] = list(_odd(data))
            if asks_for_it and b"<f" in data:
                noughts = list(_noughts(data))
                calculated = calculated or any(not cell.says for cell in noughts)
                uncalculated[sheet] = [cell for cell in noughts if cell.says]
    placeholders = [cell for cells in uncalculated.values() for cell in cells]
    if placeholders and not calculated:
        raise Rejected(
            "read",
            f"{name} was written by a program that did not work out its formulas (such as "
            f"{placeholders[0].says} in {placeholders[0].place}): open it in a spreadsheet "
            "program, save it, and send it.",
        )
    return {
        sheet: [*found.get(sheet, []), *uncalculated.get(sheet, [])]
        for sheet in {**found, **uncalculated}
    }


def _asks_to_be_calculated(archive: zipfile.ZipFile) -> bool:
    """Whether the workbook says that its formulas are still to be worked out."""
    if "xl/workbook.xml" not in archive.namelist():
        return False
    book = archive.read("xl/workbook.xml")
    return bool(re.search(rb'fullCalcOnLoad="(1|true)"', book))


def _noughts(data: bytes) -> Iterator[OddCell]:
    """The cells with a formula: what it is where its value is nought, '' where it has another."""
    for place, attributes, inside in _ODD_CELL.findall(data):
        value = re.search(rb"<v>([^<]+)</v>", inside)
        if b"<f" in inside and value and b't="e"' not in attributes:
            formula = re.search(rb"<f[^>]*>(.*?)</f>", inside, re.DOTALL)
            text = formula[1].decode(errors="replace") if formula else ""
            yield OddCell(place.decode(), f"={text}" if value[1] == b"0" else "")


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The member that holds each sheet, by the sheet's name; empty for a binary workbook."""
    if "xl/workbook.xml" not in archive.namelist():
        return {}
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {each.get("Id"): str(each.get("Target")).lstrip("/") for each in relations}
    found = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(f"{_RELATION}id"), "")
        member = target if target.startswith("xl/") else f"xl/{target}"
        if member in archive.namelist():
            found[str(sheet.get("name"))] = member
    return found


def _refuse_vast(data: bytes, name: str) -> None:
    last_row = last_column = 0
    for column, row in _CELL.findall(data):
        last_row = max(last_row, int(row))
        last_column = max(last_column, _number(column))
    if last_row * last_column > MOST_CELLS:
        raise Rejected(
            "read",
            f"{name} has a cell in row {last_row}, column {last_column}: delete what stands far "
            "from the table, and send it again.",
        )


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _odd(data: bytes) -> Iterator[OddCell]:
    for place, attributes, inside in _ODD_CELL.findall(data):
        if b't="e"' in attributes:
            value = re.search(rb"<v>(.*?)</v>", inside)
            yield OddCell(
                place.decode(), (value[1] if value else b"#ERROR").decode(errors="replace")
            )
        elif b"<f" in inside and not re.search(rb"<v>[^<]", inside):
            formula = re.search(rb"<f[^>]*>(.*?)</f>", inside, re.DOTALL)
            text = formula[1].decode(errors="replace") if formula else ""
            yield OddCell(place.decode(), f"={text}")


@contextmanager
def _damage_answered(name: str) -> Iterator[None]:
    """Answer whatever comes of a damaged archive: zipfile and its codecs raise what they like."""
    try:
        yield
    except Rejected:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise _damaged(name, error) from None


def _damaged(name: str, error: BaseException) -> Rejected:
    return Rejected(
        "read", f"{name} is a damaged workbook ({_words(error)}): save it again and send it."
    )


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
