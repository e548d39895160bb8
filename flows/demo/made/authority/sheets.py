"""A table as rows of cells, what stands in which row, and its bytes as CSV or as a workbook."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from flows.demo.made.authority.workbook import Cell, Rows, serial, workbook

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DateStyle = Callable[[date], Cell]


@dataclass
class Sheet:
    """A table under way: rows are added from the top, and each is remembered by its kind.

    `notes` stand on a sheet of their own in front of it, in a workbook.
    """

    width: int
    rows: list[list[Cell]] = field(default_factory=list)
    title_rows: list[int] = field(default_factory=list)
    header_rows: list[int] = field(default_factory=list)
    line_rows: list[int] = field(default_factory=list)
    blank_rows: list[int] = field(default_factory=list)
    total_rows: list[int] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    @property
    def dropped(self) -> int:
        """Titles, blanks, repeated headers, totals, notes: rows that are read and hold no data."""
        kinds = (
            self.title_rows,
            self.header_rows[1:],
            self.blank_rows,
            self.total_rows,
            self.notes,
        )
        return sum(map(len, kinds))

    def title(self, text: str) -> None:
        """A line of text above the table."""
        self._add([text], self.title_rows)

    def header(self, names: Sequence[str]) -> None:
        """The header; added again, it is a page's repeated one."""
        self._add(list(names), self.header_rows)

    def line(self, cells: list[Cell]) -> None:
        """A row of data."""
        self._add(cells, self.line_rows)

    def blank(self, count: int = 1) -> None:
        """Rows without anything in them."""
        for _ in range(count):
            self._add([], self.blank_rows)

    def total(self, cells: list[Cell]) -> None:
        """A row that adds up what stands above it."""
        self._add(cells, self.total_rows)

    def as_csv(self, encoding: str = "utf-8", line_end: str = "\n", delimiter: str = ",") -> bytes:
        """The bytes of a CSV file."""
        return csv_file(self.rows, encoding, line_end, delimiter)

    def _add(self, cells: list[Cell], kind: list[int]) -> None:
        self.rows.append(cells + [""] * (self.width - len(cells)))
        kind.append(len(self.rows))


def csv_file(
    rows: Rows, encoding: str = "utf-8", line_end: str = "\n", delimiter: str = ","
) -> bytes:
    """The bytes of a CSV file; None is an empty cell, any other is its text."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_text(cells: Iterable[Cell]) -> list[Cell]:
    """A row for a CSV file: its dates as people write them."""
    return [uk_date(cell) if isinstance(cell, date) else cell for cell in cells]


def whole(number: Decimal) -> int | Decimal:
    """A number as a spreadsheet shows it: 5 and not 5.00."""
    return int(number) if number == number.to_integral_value() else number


def table(header: Sequence[str], body: Sequence[Sequence[Cell]]) -> Sheet:
    """A plain table: header in row 1 and nothing but data below."""
    sheet = Sheet(len(header))
    sheet.header(header)
    for cells in body:
        sheet.line(list(cells))
    return sheet


def as_workbook(name: str, sheet: Sheet) -> bytes:
    """A workbook of the sheet, and of a sheet of notes in front of it where there are any."""
    pages = [("Notes", [[note] for note in sheet.notes])] if sheet.notes else []
    return workbook([*pages, (name, sheet.rows)])


def uk_date(day: date) -> str:
    """27/04/2022"""
    return f"{day:%d/%m/%Y}"


def us_date(day: date) -> str:
    """04/27/2022"""
    return f"{day:%m/%d/%Y}"


def word_date(day: date) -> str:
    """7 Apr 2022 (never by the machine's own language)"""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def iso_date(day: date) -> str:
    """2022-04-27"""
    return day.isoformat()


def iso_moment(day: date) -> str:
    """2022-04-27 00:00:00"""
    return f"{day.isoformat()} 00:00:00"


def excel_serial(day: date) -> str:
    """44678: the days since Excel's day nought"""
    return str(serial(day))


def date_cell(day: date) -> date:
    """A date cell of a workbook."""
    return day


def serial_cell(day: date) -> int:
    """A number cell of a workbook that someone forgot to format as a date."""
    return serial(day)


MIXED_DATES = (uk_date, word_date, iso_date, iso_moment, excel_serial)


def plain_money(amount: Decimal, nth: int) -> str:
    """1234.50, and a credit in one of three ways: -1234.50, 1234.50-, 1234.50 CR"""
    if amount >= 0:
        return f"{amount:.2f}"
    return (f"{amount:.2f}", f"{-amount:.2f}-", f"{-amount:.2f} CR")[nth % 3]


def shown_money(amount: Decimal) -> str:
    """£1,234.50, and (£1,234.50) for a credit"""
    return f"(£{-amount:,.2f})" if amount < 0 else f"£{amount:,.2f}"
