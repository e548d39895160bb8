"""What is merged in the sheets of an OpenDocument spreadsheet: python-calamine does not tell."""

import zipfile
from pathlib import Path

from defusedxml import ElementTree

CONTENT = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
Range = tuple[tuple[int, int], tuple[int, int]]  # first and last place: row and column, from 0


def merged_ranges(path: Path) -> dict[str, list[Range]]:
    """The ranges of cells that are merged, by the sheet's name; none of another kind of file."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        if CONTENT not in archive.namelist():
            return {}
        with archive.open(CONTENT) as stream:
            return _read(ElementTree.iterparse(stream, events=("start", "end")))


def _read(events: "ElementTree.iterparse") -> dict[str, list[Range]]:
    found: dict[str, list[Range]] = {}
    ranges: list[Range] = []
    row = column = 0
    for event, node in events:
        if event == "start" and node.tag == f"{_TABLE}table":
            ranges = found.setdefault(node.get(f"{_TABLE}name", ""), [])
            row = 0
        elif event == "start" and node.tag == f"{_TABLE}table-row":
            column = 0
        elif event == "end" and node.tag in _CELLS:
            down, across = _number(node, "rows-spanned"), _number(node, "columns-spanned")
            if down > 1 or across > 1:
                ranges.append(((row, column), (row + down - 1, column + across - 1)))
            column += _number(node, "columns-repeated")
        elif event == "end" and node.tag == f"{_TABLE}table-row":
            row += _number(node, "rows-repeated")
            node.clear()  # a sheet of a million rows is not held
    return found


def _number(node: "ElementTree.Element", name: str) -> int:
    return int(node.get(f"{_TABLE}number-{name}", "1"))
