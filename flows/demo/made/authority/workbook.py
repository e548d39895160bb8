"""A small writer of `.xlsx` workbooks, as Excel saves them: shared strings, dates as serials.

It is here because equal workbooks must have equal bytes, because a formula needs the value that
was calculated beside it, and because some five hundred workbooks must take a second: openpyxl puts
its clock into the properties, writes no such value and takes seventeen times as long.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

EXCEL_EPOCH = date(1899, 12, 30)
GENERAL, MONEY, DAY, MOMENT = range(4)  # the styles, in the order of _STYLES below
_STYLES = (0, 4, 14, 22)  # Excel's own number formats: General, #,##0.00, a date, date and time
_SAVED = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip can hold
_CT = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Formula:
    """A formula, without its equals sign. `value` None: never calculated, as some tools save it."""

    text: str
    value: int | Decimal | None = None


@dataclass(frozen=True)
class ErrorValue:
    """A cell in error, such as `#REF!`."""

    text: str


Cell = str | int | Decimal | date | datetime | bool | Formula | ErrorValue | None
Rows = Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[tuple[str, Rows]], *, protected: bool = False) -> bytes:
    """The bytes of a workbook of those sheets (name, rows), in that order; A1 is the first cell.

    `protected` locks the sheets' cells, without a password: every program can still read them.
    Text, whole numbers, Decimals (as money, or plain with more than two decimals), dates, moments,
    booleans, formulas and errors; None and '' leave the cell out. Equal sheets give equal bytes.
    """
    texts: dict[str, int] = {}
    pages = [_sheet(rows, texts, protected) for _, rows in sheets]
    entries = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book([name for name, _ in sheets]),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
            + [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
        ),
        "xl/styles.xml": _styles(),
        "xl/sharedStrings.xml": _shared_strings(texts),
    }
    entries |= {f"xl/worksheets/sheet{n}.xml": page for n, page in enumerate(pages, 1)}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, xml in entries.items():
            entry = zipfile.ZipInfo(name, _SAVED)
            archive.writestr(entry, _HEAD + xml, zipfile.ZIP_DEFLATED, compresslevel=1)
    return stream.getvalue()


def serial(day: date) -> int:
    """44678: the days since Excel's day nought."""
    return day.toordinal() - EXCEL_EPOCH.toordinal()


def column_letters(nth: int) -> str:
    """A, B, ... Z, AA: the letters of a column, the first being 0."""
    letters = ""
    nth += 1
    while nth:
        nth, rest = divmod(nth - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sheet(rows: Rows, texts: dict[str, int], protected: bool) -> str:
    letters = [column_letters(n) for n in range(max((len(row) for row in rows), default=0))]
    written = []
    for nth, row in enumerate(rows, 1):
        cells = "".join(
            _cell(f'<c r="{letter}{nth}"', cell, texts)
            for letter, cell in zip(letters, row, strict=False)
            if cell is not None and cell != ""
        )
        written.append(f'<row r="{nth}">{cells}</row>')
    locked = '<sheetProtection sheet="1" objects="1" scenarios="1"/>' if protected else ""
    return f"<worksheet {_MAIN}><sheetData>{''.join(written)}</sheetData>{locked}</worksheet>"


def _cell(start: str, cell: Cell, texts: dict[str, int]) -> str:
    if isinstance(cell, str):
        return f'{start} t="s"><v>{texts.setdefault(cell, len(texts))}</v></c>'
    if isinstance(cell, bool):
        return f'{start} t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, ErrorValue):
        return f'{start} t="e"><v>{escape(cell.text)}</v></c>'
    if isinstance(cell, Formula):
        value = "" if cell.value is None else f"<v>{cell.value}</v>"
        return f"{start}><f>{escape(cell.text)}</f>{value}</c>"
    style, value = _number(cell)
    return f'{start} s="{style}"><v>{value}</v></c>' if style else f"{start}><v>{value}</v></c>"


def _number(cell: int | Decimal | date | None) -> tuple[int, str]:
    """The style and the digits; a moment is a serial with a part of a day behind the point."""
    if isinstance(cell, datetime):
        seconds = Decimal(cell.hour * 3600 + cell.minute * 60 + cell.second)
        return MOMENT, f"{serial(cell) + seconds / 86400:.10f}"
    if isinstance(cell, date):
        return DAY, str(serial(cell))
    pence = isinstance(cell, Decimal) and cell.as_tuple().exponent == -2
    return MONEY if pence else GENERAL, str(cell)


def _shared_strings(texts: dict[str, int]) -> str:
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    return f'<sst {_MAIN} uniqueCount="{len(texts)}">{items}</sst>'


def _styles() -> str:
    formats = "".join(
        f'<xf numFmtId="{code}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for code in _STYLES
    )
    return (
        f'<styleSheet {_MAIN}><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
        '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders><border/></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="{len(_STYLES)}">{formats}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _book(names: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    return f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _relations(targets: list[tuple[str, str]]) -> str:
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'


def _content_types(sheets: int) -> str:
    parts = [("workbook.xml", "sheet.main"), ("styles.xml", "styles")]
    parts += [("sharedStrings.xml", "sharedStrings")]
    parts += [(f"worksheets/sheet{n}.xml", "worksheet") for n in range(1, sheets + 1)]
    overrides = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{_CT}{kind}+xml"/>' for name, kind in parts
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
