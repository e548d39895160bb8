"""Which file and row holds which planted fault."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flows.demo.authority import MANY_SPELLINGS, NOT_A_REDACTION, NOT_A_TOTAL
from flows.demo.deliveries import DEFAULT_SEED, PAYMENTS, Sending, sendings
from flows.demo.ledger import FAR_YEAR, FORMULA, NO_AMOUNT, Line
from flows.demo.truth import truth

UNREADABLE = (NO_AMOUNT, FORMULA, FAR_YEAR)


@dataclass(frozen=True)
class Fault:
    """A planted fault. `row` counts from 1 at the file's first row; 0 is the whole file."""

    delivery: int
    file_name: str
    row: int
    kind: str
    text: str


def faults(seed: int = DEFAULT_SEED) -> list[Fault]:
    """Every planted fault of `deliveries(seed)`; `delivery` is the place in that list."""
    found = []
    late = {(o.at, o.file_name) for o in truth(seed).outcomes if o.late_days}
    for nth, sending in enumerate(sendings(seed)):
        name = sending.delivery.file_name
        if (sending.delivery.at, name) in late:
            found.append(Fault(nth, name, 0, "late", f"{sending.delivery.at:%Y-%m-%d}"))
        if sending.again:
            found.append(Fault(nth, name, 0, "duplicate under another name", ""))
            continue
        if sending.corrects:
            found.append(Fault(nth, name, 0, "corrected file", ""))
        if sending.delivery.return_name == PAYMENTS:
            found += [Fault(nth, name, row, kind, text) for row, kind, text in _in_rows(sending)]
    return found


def _in_rows(sending: Sending) -> Iterator[tuple[int, str, str]]:
    sheet = sending.sheet
    yield from ((row, "title row", sheet.rows[row - 1][0]) for row in sheet.title_rows)
    yield from ((row, "blank row", "") for row in sheet.blank_rows)
    yield from ((row, "total row", sheet.rows[row - 1][-2]) for row in sheet.total_rows)
    alike = Counter(tuple(sheet.rows[row - 1]) for row in sheet.line_rows)
    for row, line in zip(sheet.line_rows, sending.lines, strict=True):
        cells = sheet.rows[row - 1]
        yield from ((row, "unreadable", text) for text in UNREADABLE if text in cells)
        if line.amount < 0:
            digits = f"{-line.amount:.2f}"
            yield row, "negative", next(c for c in cells if digits in c.replace(",", ""))
        if alike[tuple(cells)] > 1:
            yield row, "identical rows that are real", line.name
        yield from ((row, kind, line.name) for kind in _in_name(line))


def _in_name(line: Line) -> Iterator[str]:
    if line.supplier is None:
        yield "withheld name"
        return
    if not line.supplier_id:
        yield "supplier without number"
    if not line.supplier.joined:
        yield "not in the vendor master"
    if line.supplier.name == MANY_SPELLINGS != line.name:
        yield "spelt another way"
    if line.supplier.name in (NOT_A_REDACTION, NOT_A_TOTAL):
        yield "looks like a redaction or a total and is none"
