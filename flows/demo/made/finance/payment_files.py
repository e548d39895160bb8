"""How each part of the authority writes its payments down: layouts as different as real ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.demo.made.authority.authority import BODY_NAME
from flows.demo.made.authority.layouts import columns, headers
from flows.demo.made.authority.sheets import (
    DateStyle,
    Sheet,
    as_workbook,
    date_cell,
    plain_money,
    serial_cell,
    shown_money,
    uk_date,
)
from flows.demo.made.authority.workbook import Cell, ErrorValue, Formula
from flows.demo.made.finance.ledger import Line

PAGE = 250  # a page of the report ends after so many lines
BLANK_TAIL = 3
UNCALCULATED, ERROR = "=D99*1.2", "#REF!"

# Which of a line's cells stands under which header. The corporate ledger moved to a new system in
# April 2022: other names, another order, and the body's own name gone.
CORPORATE_OLD = columns("corporate payments before April 2022")
CORPORATE_NEW = columns("corporate payments")
NEW_SYSTEM_FROM = "2022-04"
TRANSPORT = headers("transport payments")


@dataclass(frozen=True)
class Looks:
    """How a file looks: as a workbook or as text, its dates, encoding and delimiter."""

    is_workbook: bool = False
    dates: tuple[DateStyle, ...] = (uk_date,)
    encoding: str = "utf-8"
    delimiter: str = ","
    repeats_header: bool = False


def corporate(month: str, lines: Sequence[Line], looks: Looks) -> tuple[Sheet, bytes]:
    """The corporate ledger: header in row 1, plain figures, a blank row, a blank tail in text."""
    layout = CORPORATE_NEW if month >= NEW_SYSTEM_FROM else CORPORATE_OLD
    sheet = Sheet(len(layout))
    sheet.header(list(layout))
    for nth, line in enumerate(lines):
        if nth == PAGE:
            sheet.blank()
        if nth and nth % PAGE == 0 and looks.repeats_header:
            sheet.header(list(layout))
        cells = _corporate_cells(line, looks, nth)
        sheet.line([cells[kind] for kind in layout.values()])
    if looks.is_workbook:
        sheet.notes = ("Payments to suppliers", "Net of recoverable VAT; credits are negative")
        return sheet, as_workbook("Payments", sheet)
    sheet.blank(BLANK_TAIL)
    return sheet, sheet.as_csv(looks.encoding, delimiter=looks.delimiter)


def transport(lines: Sequence[Line], titles: Sequence[str], looks: Looks) -> tuple[Sheet, bytes]:
    """The transport ledger: titles above, pounds, commas and brackets, a total below; cp1252."""
    sheet = Sheet(len(TRANSPORT))
    for title in titles:
        sheet.title(title)
    sheet.blank()
    sheet.header(TRANSPORT)
    for nth, line in enumerate(lines):
        sheet.line(_transport_cells(line, looks, nth))
    total = sum((line.amount for line in lines), Decimal(0))
    first, last = sheet.line_rows[0], sheet.line_rows[-1]
    added: Cell = Formula(f"SUM(G{first}:G{last})", total) if looks.is_workbook else ""
    sheet.total(["", "", "", "", "Total", "", added or shown_money(total)])
    if looks.is_workbook:
        return sheet, as_workbook("Transport ledger", sheet)
    return sheet, sheet.as_csv("cp1252", "\r\n", looks.delimiter)


def as_transport_says(line: Line) -> str:
    """Directorate and service in one cell: all that the transport ledger says of them."""
    return f"{line.directorate} - {line.service}"


def _corporate_cells(line: Line, looks: Looks, nth: int) -> dict[str, Cell]:
    known = line.invoice
    return {
        "body": BODY_NAME,
        "directorate": line.directorate,
        "service": line.service,
        "expense": line.expense,
        "paid": line.date_text or _day(line.paid, looks, nth),
        "number": line.number,
        "amount": _amount(line, looks, nth),
        "name": line.name,
        "supplier": _number(line.supplier_id, looks),
        "capital": "Capital" if line.capital else "Revenue",
        "vat": "",
        "received": known.received_text or _day(known.received, looks, nth),
        "disputed": {True: "Yes", False: "No", None: ""}[known.disputed],
        "interest paid": _plain(known.interest_paid, looks),
        "interest liable": _plain(known.interest_liable, looks),
        "contract": line.contract_reference,
    }


def _transport_cells(line: Line, looks: Looks, nth: int) -> list[Cell]:
    known = line.invoice
    return [
        as_transport_says(line),
        _day(line.paid, looks, nth),
        line.number,
        _number(line.supplier_id, looks),
        line.name,
        line.expense,
        line.amount if looks.is_workbook else shown_money(line.amount),
        known.received_text or _day(known.received, looks, nth),
        "Y" if known.disputed else "",
        line.contract_reference,
    ]


def _day(day: date | None, looks: Looks, nth: int) -> Cell:
    if day is None:
        return ""
    styles = (date_cell, serial_cell) if looks.is_workbook else looks.dates
    return styles[nth % len(styles)](day)


def _amount(line: Line, looks: Looks, nth: int) -> Cell:
    if not looks.is_workbook:
        return line.amount_text or plain_money(line.amount, nth)
    if line.amount_text == ERROR:
        return ErrorValue(ERROR)
    if line.amount_text == UNCALCULATED:
        return Formula(UNCALCULATED.lstrip("="))
    return line.amount_text or line.amount


def _plain(amount: Decimal | None, looks: Looks) -> Cell:
    if amount is None:
        return ""
    return amount if looks.is_workbook else f"{amount:.2f}"


def _number(supplier_id: str, looks: Looks) -> Cell:
    return int(supplier_id) if looks.is_workbook and supplier_id else supplier_id
