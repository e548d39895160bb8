"""A reader of the demo's files of its own, so that the tests see what the bytes say."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import openpyxl

from flows.demo.made.authority.delivery import Delivery

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
KINDS = {
    "amount": ("Net Amount", "Net amount (£)", "Amount Excluding VAT"),
    "date": ("Payment Date", "Payment date", "Date paid"),
    "name": ("Supplier Name", "Supplier", "Vendor Name"),
    "number": ("Supplier ID", "Supplier number", "Vendor number"),
    "expense": ("Expenses Type", "Expense type", "Detailed expenditure type"),
    "reference": ("Transaction Number", "Transaction no", "Doc no"),
    "received": ("Invoice received date", "Date invoice received"),
    "disputed": ("Disputed", "Invoice disputed", "In dispute"),
    "contract": ("Contract reference", "Contract ref"),
}


def text_of(delivery: Delivery) -> str:
    """The file's text: UTF-8, or cp1252 where it is none."""
    try:
        return delivery.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return delivery.content.decode("cp1252")


def rows_of(delivery: Delivery, sheet: str = "") -> list[list[str]]:
    """Every row of the file (of a workbook's sheet; its last one where none is named) as text."""
    if not delivery.file_name.endswith(".xlsx"):
        text = text_of(delivery)
        delimiter = ";" if text.count(";") > text.count(",") else ","
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    book = openpyxl.load_workbook(io.BytesIO(delivery.content))
    page = book[sheet] if sheet else book.worksheets[-1]
    rows = [[_shown(cell) for cell in row] for row in page.iter_rows(values_only=True)]
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def payments_of(delivery: Delivery) -> list[dict[str, str]]:
    """The payment lines: what stands below the header, less blank rows, headers and totals."""
    rows = rows_of(delivery)
    at = next(n for n, row in enumerate(rows) if {c.strip() for c in row} & set(KINDS["amount"]))
    header = [cell.strip() for cell in rows[at]]
    found = []
    for row in rows[at + 1 :]:
        cells = dict(zip(header, row, strict=True))
        is_total = any(cell.strip().lower() == "total" for cell in row)
        if any(row) and not is_total and row != rows[at]:
            found.append({kind: _of(cells, words) for kind, words in KINDS.items()})
    return found


def _of(cells: dict[str, str], words: tuple[str, ...]) -> str:
    return next(cells[word] for word in words if word in cells)


def money(text: str) -> Decimal | None:
    """The amount that the text means; None where it means none."""
    told = text.replace("£", "").replace(",", "").strip()
    negative = told.startswith(("(", "-")) or told.endswith(("-", "CR"))
    digits = told.strip("()-CR ")
    if not re.fullmatch(r"\d+(\.\d\d)?", digits):
        return None
    return -Decimal(digits) if negative else Decimal(digits)


def day(text: str) -> date | None:
    """The day that the text means; None where it means none."""
    if found := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text):
        try:
            return date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            return None
    if found := re.fullmatch(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})", text):
        return date(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]))
    if re.fullmatch(r"\d{5}", text):
        return date(1899, 12, 30) + timedelta(days=int(text))
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
