"""Lists for audit, as an accessible workbook and as self-contained pages: the same rows in both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from exports.figures.cell import CellValue
from exports.files.spreadsheet import (
    Line,
    SheetTable,
    SheetValue,
    WorkbookSheet,
    number_format,
    workbook_bytes,
)

NOTHING = "none"  # what an empty cell says, as a workbook's table may have none
_BACK = Line("Back to the contents", link="Contents")
_FULL = 1_000_000

LONG = 60  # letters


@dataclass(frozen=True)
class AuditList:
    """A list: its short name, its title, what one row is, and the rows by column."""

    name: str
    title: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, object]]

    @property
    def headers(self) -> list[str]:
        """The columns as headers."""
        return [column.replace("_", " ").capitalize() for column in self.columns]

    @property
    def texts(self) -> list[list[str]]:
        """The rows as text."""
        return [[_text(row.get(column)) for column in self.columns] for row in self.rows]

    @property
    def figures(self) -> list[bool]:
        """Which columns hold figures only."""
        return [
            bool(self.rows)
            and all(isinstance(row.get(column), int | Decimal | None) for row in self.rows)
            and any(row.get(column) is not None for row in self.rows)
            for column in self.columns
        ]

    @property
    def is_wide(self) -> list[bool]:
        """Which columns hold sentences, which a telephone would make a letter wide."""
        return [max(map(len, texts)) > LONG for texts in zip(*self.texts, strict=True)]


@dataclass(frozen=True)
class Verdict:
    """What it all comes to: a sentence, and the few numbers it rests on, each with its name."""

    sentence: str
    numbers: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class AuditFolder:
    """Lists under one title, with what the reader must know first."""

    title: str
    subject: str
    as_of: datetime
    lines: Sequence[str]
    listings: Sequence[AuditList] = field(default_factory=tuple)
    verdict: Verdict | None = None
    readers: str = "for audit"


def folder_workbook(folder: AuditFolder) -> bytes:
    """The lists as .xlsx, after the checklist for accessible spreadsheets; its bytes repeat."""
    said = folder.verdict
    first = [said.sentence, *(f"{name}: {n}" for n, name in said.numbers)] if said else []
    cover = WorkbookSheet("Cover", folder.title, [Line(text) for text in [*first, *folder.lines]])
    rows = [
        [
            SheetValue(one.name, link=one.name),
            SheetValue(one.title),
            SheetValue(len(one.rows), "#,##0"),
        ]
        for one in folder.listings
    ]
    listed = SheetTable(
        "contents", ["Worksheet", "What it holds", "Rows"], rows, [28, 60, 9], [False, False, True]
    )
    about = "This worksheet contains one table. Each name in it leads to that worksheet."
    contents = WorkbookSheet("Contents", "Contents", [Line(about)], listed)
    sheets = [cover, contents, *(_sheet(one) for one in folder.listings)]
    return workbook_bytes(sheets, folder.title, folder.subject, folder.as_of)


def _sheet(one: AuditList) -> WorkbookSheet:
    if not one.rows:
        return WorkbookSheet(one.name, one.title, [Line(one.about), Line("There is none."), _BACK])
    lines = [Line(f"This worksheet contains one table. {one.about}"), _BACK]
    rows = [[_value(row.get(column)) for column in one.columns] for row in one.rows]
    widths = [_width(header, place, one) for place, header in enumerate(one.headers)]
    name = one.name.lower().replace(" ", "_") + "_list"
    return WorkbookSheet(
        one.name, one.title, lines, SheetTable(name, one.headers, rows, widths, one.figures)
    )


def _value(value: object) -> SheetValue:
    if isinstance(value, Decimal) and value == int(value) and abs(value) < _FULL:
        return SheetValue(int(value), number_format(int(value)))
    if isinstance(value, int | Decimal | date) and not isinstance(value, bool):
        number: CellValue = value
        return SheetValue(number, number_format(number, 2 if isinstance(value, Decimal) else 0))
    return SheetValue(_text(value))


def _width(header: str, place: int, one: AuditList) -> float:
    cells = [row[place] for row in one.texts]
    word = max((len(word) for text in cells for word in text.split()), default=0)
    longest = max((len(text) for text in cells), default=0)
    return max(10, len(header) // 2, min(max(word, 14 + longest // 4), longest, 60)) + 4


def _text(value: object) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return f"{value:,}" if isinstance(value, int) else str(value)
