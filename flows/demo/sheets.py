"""How each part of the authority writes its ledger down: two layouts, as different as real ones."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.demo.authority import BODY_NAME
from flows.demo.ledger import Line

EXCEL_EPOCH = date(1899, 12, 30)
BLANK_AFTER = 250  # a blank row after so many lines, where a page of the report ended
BLANK_TAIL = 3

CORPORATE_HEADER = (
    "Body Name",
    "Directorate",
    "Service Area",
    "Expenses Type",
    "Payment Date",
    "Transaction Number",
    "Net Amount",
    "Supplier Name",
    "Supplier ID",
    "Capital or Revenue",
    "Irrecoverable VAT",
)
TRANSPORT_HEADER = (
    "Department",
    "Date paid",
    "Doc no",
    "Vendor number",
    "Vendor Name ",  # the blank at the end is theirs
    "Detailed expenditure type",
    "Amount Excluding VAT",
    "",
)
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Sheet:
    """A file as rows of text, and what stands in which row (the first row is 1)."""

    rows: list[list[str]]
    line_rows: list[int]
    title_rows: list[int]
    header_row: int
    blank_rows: list[int]
    total_rows: list[int]
    encoding: str
    line_end: str

    @property
    def dropped(self) -> int:
        """Titles, blank rows and totals: rows that are read and are no payments."""
        return len(self.title_rows) + len(self.blank_rows) + len(self.total_rows)

    def content(self) -> bytes:
        """The bytes of the file."""
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator=self.line_end).writerows(self.rows)
        return text.getvalue().encode(self.encoding)


def uk_date(day: date) -> str:
    """27/04/2022"""
    return f"{day:%d/%m/%Y}"


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
    return str((day - EXCEL_EPOCH).days)


MIXED_DATES = (uk_date, word_date, iso_date, iso_moment, excel_serial)


def plain_money(amount: Decimal, nth: int) -> str:
    """1234.50, and a credit in one of three ways: -1234.50, 1234.50-, 1234.50 CR"""
    if amount >= 0:
        return f"{amount:.2f}"
    return (f"{amount:.2f}", f"{-amount:.2f}-", f"{-amount:.2f} CR")[nth % 3]


def shown_money(amount: Decimal) -> str:
    """£1,234.50, and (£1,234.50) for a credit"""
    return f"(£{-amount:,.2f})" if amount < 0 else f"£{amount:,.2f}"


def corporate_sheet(lines: list[Line], *, bom: bool) -> Sheet:
    """The corporate ledger: header in row 1, plain figures, UTF-8, a blank row, a blank tail."""
    rows = [list(CORPORATE_HEADER)]
    line_rows: list[int] = []
    blank_rows: list[int] = []
    for nth, line in enumerate(lines):
        if nth == BLANK_AFTER:
            _add(rows, [], blank_rows, len(CORPORATE_HEADER))
        cells = [
            BODY_NAME,
            line.directorate,
            line.service,
            line.expense,
            line.date_text or uk_date(line.paid),
            line.number,
            line.amount_text or plain_money(line.amount, int(line.number)),
            line.name,
            line.supplier_id,
            "Capital" if line.capital else "Revenue",
            "",
        ]
        _add(rows, cells, line_rows, len(CORPORATE_HEADER))
    for _ in range(BLANK_TAIL):
        _add(rows, [], blank_rows, len(CORPORATE_HEADER))
    encoding = "utf-8-sig" if bom else "utf-8"
    return Sheet(rows, line_rows, [], 1, blank_rows, [], encoding, "\n")


def transport_sheet(
    lines: list[Line], *, titles: list[str], dates: tuple[Callable[[date], str], ...]
) -> Sheet:
    """The transport ledger: titles above, pounds, commas and brackets, a total below; cp1252."""
    width = len(TRANSPORT_HEADER)
    rows: list[list[str]] = []
    title_rows: list[int] = []
    line_rows: list[int] = []
    blank_rows: list[int] = []
    total_rows: list[int] = []
    for title in titles:
        _add(rows, [title], title_rows, width)
    _add(rows, [], blank_rows, width)
    rows.append(list(TRANSPORT_HEADER))
    header_row = len(rows)
    for nth, line in enumerate(lines):
        cells = [
            f"{line.directorate} - {line.service}",
            dates[nth % len(dates)](line.paid),
            line.number,
            line.supplier_id,
            line.name,
            line.expense,
            shown_money(line.amount),
        ]
        _add(rows, cells, line_rows, width)
    total = shown_money(sum((line.amount for line in lines), Decimal(0)))
    _add(rows, ["", "", "", "", "Total", "", total], total_rows, width)
    return Sheet(rows, line_rows, title_rows, header_row, blank_rows, total_rows, "cp1252", "\r\n")


def table_sheet(header: list[str], body: list[list[str]]) -> Sheet:
    """A plain table: header in row 1 and nothing but data below."""
    rows = [header, *body]
    return Sheet(rows, list(range(2, len(rows) + 1)), [], 1, [], [], "utf-8", "\n")


def _add(rows: list[list[str]], cells: list[str], kind: list[int], width: int) -> None:
    rows.append(cells + [""] * (width - len(cells)))
    kind.append(len(rows))
