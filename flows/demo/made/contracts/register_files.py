"""The contract register as files: the table in CSV, the workbook with its ratings, the notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.demo.made.authority.authority import BODY_NAME
from flows.demo.made.authority.canaries import identity
from flows.demo.made.authority.equality import equality_of
from flows.demo.made.authority.layouts import headers
from flows.demo.made.authority.sheets import csv_file
from flows.demo.made.authority.workbook import Cell, Rows, workbook
from flows.demo.made.contracts.kpis import Rating
from flows.demo.made.contracts.register import Entry

_OFFICERS = 9000  # the first of the identities that are officers
_TABLE = headers("register as a table")
_BOOK = headers("register as a workbook")
_KPIS = ("Contract ref", "KPI", "KPI target", "Achieved", "KPI rating", "Date assessed")
_NOTES = (
    ("Notes",),
    ("Values are over the contract's life; an extension stands on a row of its own.",),
    ("Contracts above GBP 5 million have key performance indicators on their own sheet.",),
)


@dataclass(frozen=True)
class Written:
    """A file's bytes, the row of each of its entries (from 1), and the rows that are no entries."""

    content: bytes
    rows: tuple[int, ...]
    dropped: int


def table_file(entries: Sequence[Entry], heading: str) -> Written:
    """The CSV layout: titles above the header, pound signs, days first, a total at the foot."""
    width = len(_TABLE)
    body = [_in_table(nth, entry) for nth, entry in enumerate(entries)]
    total = sum((e.value or Decimal(0) for e in entries), Decimal(0))
    foot = ["Total", *[""] * (width - 6), f"£{total:,.2f}", *[""] * 4]
    above = [[f"{BODY_NAME}: contract register"], [heading], []]
    rows = [[*cells, *[""] * (width - len(cells))] for cells in above]
    content = csv_file([*rows, _TABLE, *body, foot], "utf-8-sig", "\r\n")
    first = len(above) + 2
    return Written(content, tuple(range(first, first + len(body))), len(above) + 1)


def book_file(entries: Sequence[Entry], ratings: Sequence[Rating]) -> Written:
    """The workbook: dates and numbers as such, ratings on a sheet of their own, then notes."""
    body = [_in_book(nth, entry) for nth, entry in enumerate(entries)]
    rated: list[list[Cell]] = [
        [r.reference, r.title, r.target, r.achieved, r.rating, r.assessed_on] for r in ratings
    ]
    sheets: list[tuple[str, Rows]] = [
        ("Contracts", [_BOOK, *body]),
        ("KPIs", [_KPIS, *rated]),
        ("Notes", _NOTES),
    ]
    return Written(workbook(sheets), tuple(range(2, len(body) + 2)), len(_NOTES))


def _in_table(nth: int, entry: Entry) -> list[str]:
    officer = identity(_OFFICERS + nth % 40)
    value = entry.value_word if entry.value is None else f"£{entry.value:,.2f} "
    return [
        entry.reference,
        entry.title,
        entry.directorate,
        BODY_NAME,
        entry.supplier.name,
        entry.supplier.supplier_id,
        entry.supplier.company_number.lstrip("0"),
        _is_sme(entry),
        entry.process,
        _day(entry.awarded),
        _day(entry.start),
        entry.end_word or _day(entry.end),
        value,
        "Yes" if entry.is_extension else "No",
        officer.name,
        officer.email,
        officer.phone,
    ]


def _in_book(nth: int, entry: Entry) -> list[Cell]:
    officer = identity(_OFFICERS + nth % 40)
    number = entry.supplier.company_number
    return [
        entry.reference,
        entry.title,
        entry.directorate,
        entry.supplier.name,
        int(entry.supplier.supplier_id),
        int(number) if number else None,  # a spreadsheet keeps no zeros in front
        entry.supplier.postcode,
        _is_sme(entry),
        {"yes": "Y", "no": "N"}.get(entry.supplier.vcse),
        entry.process,
        entry.awarded,
        entry.start,
        entry.end_word or entry.end,
        entry.value_word or entry.value,
        "Y" if entry.is_extension else "N",
        equality_of(entry.key),
        officer.name,
        officer.email,
        officer.phone,
    ]


def _is_sme(entry: Entry) -> str:
    if not entry.supplier.size:
        return "N/A"
    return "No" if entry.supplier.size == "large" else "Yes"


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
