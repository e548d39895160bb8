"""The same rows as an OpenDocument sheet and as an old workbook (.xls): the least that is one."""

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
KIND = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>'
    "</manifest:manifest>"
)
ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="Sheet1">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def as_ods(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as an OpenDocument spreadsheet, every cell as text."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = (
        f"<table:table-row>{''.join(cell.format(_plain(text)) for text in row)}</table:table-row>"
        for row in rows
    )
    return ods_of("".join(lines))


def ods_of(rows: str) -> bytes:
    """An OpenDocument spreadsheet of one sheet, whose rows are this XML."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", KIND, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format(rows=rows))
    return stream.getvalue()


def _plain(text: str) -> str:
    return escape("".join(letter for letter in text if letter >= " "))


def as_xls(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as a workbook of Excel 97, every cell as text."""
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0x600))
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            letters = text[:255].encode("utf-16-le", "replace")
            head = struct.pack("<HHHHB", number, place, 0, len(letters) // 2, 1)
            sheet += _record(0x204, head + letters)
    sheet += _record(0x0A, b"")
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0x600))
    name = b"Sheet1"
    bound = 4 + struct.calcsize("<IBBBB") + len(name)
    at = len(start) + bound + 4
    book = start + _record(0x85, struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name)
    return _compound(book + _record(0x0A, b"") + sheet)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream, `Workbook`: header, a FAT, a directory, the stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    sectors = len(stream) // SECTOR
    tables = next(n for n in range(1, 99) if n * SECTOR // 4 >= n + 1 + sectors)
    chain = [FAT] * tables + [END] + [*range(tables + 2, tables + 1 + sectors), END]
    chain += [FREE] * (tables * SECTOR // 4 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHHHIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, tables)
    header += struct.pack("<IIIIIII", tables, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry(
        "Workbook", 2, FREE, tables + 1, len(stream)
    )
    return header + struct.pack(f"<{len(chain)}I", *chain) + directory.ljust(SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le")
    return (
        letters.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(letters) + 2, kind, 1, FREE, FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
