"""A reader of the demo's files of its own, so that the tests see what the bytes say."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from flows.demo import Delivery

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
AMOUNTS, DATES = ("Net Amount", "Amount Excluding VAT"), ("Payment Date", "Date paid")
NAMES, NUMBERS = ("Supplier Name", "Vendor Name"), ("Supplier ID", "Vendor number")


def text_of(delivery: Delivery) -> str:
    """The file's text: UTF-8, or cp1252 where it is none."""
    try:
        return delivery.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return delivery.content.decode("cp1252")


def rows_of(delivery: Delivery) -> list[list[str]]:
    """Every row of the file."""
    return list(csv.reader(io.StringIO(text_of(delivery), newline="")))


def payments_of(delivery: Delivery) -> list[dict[str, str]]:
    """The payment lines: what stands below the header, less blank rows and totals."""
    rows = rows_of(delivery)
    at = next(n for n, row in enumerate(rows) if {c.strip() for c in row} & set(AMOUNTS))
    header = [cell.strip() for cell in rows[at]]
    found = []
    for row in rows[at + 1 :]:
        cells = dict(zip(header, row, strict=True))
        if any(row) and not any(cell.strip().lower() == "total" for cell in row):
            found.append({kind: _of(cells, words) for kind, words in KINDS.items()})
    return found


KINDS = {"amount": AMOUNTS, "date": DATES, "name": NAMES, "number": NUMBERS}


def _of(cells: dict[str, str], words: tuple[str, ...]) -> str:
    return next(cells[word] for word in words if word in cells)


def money(text: str) -> Decimal | None:
    """The amount that the text means; None where it means none."""
    told = text.replace("£", "").replace(",", "").strip()
    negative = told.startswith(("(", "-")) or told.endswith(("-", "CR"))
    digits = told.strip("()-CR ")
    if not re.fullmatch(r"\d+\.\d\d", digits):
        return None
    return -Decimal(digits) if negative else Decimal(digits)


def day(text: str) -> date | None:
    """The day that the text means; None where it means none."""
    if found := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})", text):
        return date(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]))
    if re.fullmatch(r"\d{5}", text):
        return date(1899, 12, 30) + timedelta(days=int(text))
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
