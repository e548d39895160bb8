"""Which row of a payments file holds which planted fault."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows.demo.made.authority.authority import MANY_SPELLINGS, NOT_A_REDACTION, NOT_A_TOTAL
from flows.demo.made.authority.delivery import Planted
from flows.demo.made.authority.sheets import Sheet
from flows.demo.made.authority.workbook import Cell, ErrorValue
from flows.demo.made.finance.ledger import Line
from flows.demo.made.finance.orders import UNKNOWN_REFERENCE


def planted(sheet: Sheet, lines: Sequence[Line], page: str) -> list[Planted]:
    """The faults of a file: those of the page, then line by line; `page` is its sheet, if any."""
    found = [*_of_the_page(sheet), *_of_the_lines(sheet, lines)]
    return [replace(fault, sheet=page) for fault in found]


def _of_the_page(sheet: Sheet) -> Iterator[Planted]:
    for row in sheet.title_rows:
        yield Planted(row, "title row", cell_text(sheet.rows[row - 1][0]))
    for row in sheet.header_rows[1:]:
        yield Planted(row, "repeated header", cell_text(sheet.rows[row - 1][0]))
    for row in sheet.blank_rows:
        yield Planted(row, "blank row")
    for row in sheet.total_rows:
        yield Planted(row, "total row", "Total")


def _of_the_lines(sheet: Sheet, lines: Sequence[Line]) -> Iterator[Planted]:
    alike = Counter(tuple(sheet.rows[row - 1]) for row in sheet.line_rows)
    for row, line in zip(sheet.line_rows, lines, strict=True):
        cells = sheet.rows[row - 1]
        if line.quarantined:
            yield Planted(row, "unreadable", line.amount_text or line.date_text)
        if line.invoice.received_text:
            yield Planted(row, "unreadable and not needed", line.invoice.received_text)
        if line.amount < 0 and not line.amount_text:
            yield Planted(row, "negative", _cell_of(line, cells))
        if alike[tuple(cells)] > 1:
            yield Planted(row, "identical rows that are real", line.name)
        yield from (Planted(row, kind, text) for kind, text in _in_line(line))


def _cell_of(line: Line, cells: Sequence[Cell]) -> str:
    digits = f"{-line.amount:.2f}"
    return next(s for s in map(cell_text, cells) if digits in s.replace(",", ""))


def _in_line(line: Line) -> Iterator[tuple[str, str]]:
    if line.contract_reference == UNKNOWN_REFERENCE:
        yield "contract not in the register", UNKNOWN_REFERENCE
    received = line.invoice.received
    if received is not None and received > line.paid:
        yield "paid before the invoice came", line.name
    if line.supplier is None:
        yield "withheld name", line.name
        return
    if not line.supplier_id:
        yield "supplier without number", line.name
    if not line.supplier.joined:
        yield "not in the vendor master", line.name
    if line.supplier.name == MANY_SPELLINGS != line.name:
        yield "spelt another way", line.name
    if line.supplier.name in (NOT_A_REDACTION, NOT_A_TOTAL):
        yield "looks like a redaction or a total and is none", line.name


def cell_text(cell: Cell) -> str:
    """A cell as a list of faults shows it."""
    return cell.text if isinstance(cell, ErrorValue) else str(cell)
