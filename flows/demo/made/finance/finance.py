"""What finance sends in the two years: payments in two parts, vendor masters, control totals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from flows.demo.made.authority.authority import PARTS, SENDER, Supplier, vendor_master
from flows.demo.made.authority.delivery import Delivery, Planted, Sending, Sum, sent_again
from flows.demo.made.authority.layouts import headers
from flows.demo.made.authority.periods import MONTHS, last_day
from flows.demo.made.authority.sheets import MONTH_NAMES, as_workbook, table
from flows.demo.made.authority.workbook import Cell
from flows.demo.made.finance import finance_stories as stories
from flows.demo.made.finance.finance_faults import planted
from flows.demo.made.finance.ledger import Books, Line
from flows.demo.made.finance.mistakes import as_sent, books, first_totals
from flows.demo.made.finance.payment_files import corporate, transport

PAYMENTS, VENDORS, CONTROLS = "finance_payments", "finance_vendors", "finance_control_totals"
VENDOR_HEADER = headers("vendor master")
CONTROL_HEADER = ("Month", "Part", "Payment count", "Control total")


@dataclass(frozen=True)
class PaymentsSent(Sending):
    """A payments file, and the lines that it writes down."""

    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class VendorsSent(Sending):
    """A vendor master, and the suppliers in it that can be used."""

    vendors: tuple[Supplier, ...] = ()


@dataclass(frozen=True)
class ControlsSent(Sending):
    """A month's control totals, by part."""

    totals: tuple[tuple[str, Sum], ...] = ()


def finance_sendings(seed: int) -> Iterator[Sending]:
    """Every file of finance; `flows.demo.deliveries` puts them into order."""
    ledgers = books(seed)
    for month in MONTHS:
        yield from _vendors(month)
        yield from _controls(month, ledgers)
        for part in PARTS:
            yield from _payments(month, part, ledgers[month, part])


def _payments(month: str, part: str, lines: list[Line]) -> Iterator[Sending]:
    at = _arrival(month, part)
    named = _Named(PAYMENTS, month, part)
    for nth, sent in enumerate(as_sent(month, part, lines)):
        if sent.refused:
            yield named.rejected(at + sent.after, sent.refused, sent.story)
            continue
        yield _payments_sent(named, at + sent.after, sent.lines, sent.story, corrects=nth > 0)
    if (month, part) in stories.SENT_AGAIN:
        yield _again(month, part, lines)


def _payments_sent(
    named: "_Named", at: datetime, lines: list[Line], story: str, *, corrects: bool
) -> PaymentsSent:
    month, part = named.month, named.part
    looks = stories.looks(month, part, corrects=corrects)
    if part == "corporate":
        sheet, content = corporate(month, lines, looks)
    else:
        title = f"Transport ledger – {_month_in_words(month)}"
        titles = ("Payments to suppliers over £500, net of recoverable VAT", title)
        sheet, content = transport(lines, titles, looks)
    name = named.name("xlsx" if looks.is_workbook else "csv")
    page = {"corporate": "Payments", "transport": "Transport ledger"}[part]
    return PaymentsSent(
        delivery=Delivery(at, PAYMENTS, name, content, story),
        sender=SENDER,
        period=month,
        part=part,
        loaded=sum_of([line for line in lines if not line.quarantined]),
        quarantined=sum_of([line for line in lines if line.quarantined]),
        dropped_rows=sheet.dropped,
        planted=tuple(planted(sheet, lines, page if looks.is_workbook else "")),
        corrects=corrects,
        lines=tuple(lines),
    )


def _again(month: str, part: str, lines: list[Line]) -> Sending:
    """The file that came last once more, the same bytes under another name."""
    named = _Named(PAYMENTS, month, part)
    last = as_sent(month, part, lines)[-1]
    first = _payments_sent(named, _arrival(month, part), last.lines, "", corrects=False)
    name = first.delivery.file_name.replace(".", "-copy.")
    at = _arrival(month, part) + timedelta(days=8, hours=-1)
    story = "The file once more, the same bytes under another name: a duplicate."
    return sent_again(first, at, story, name)


def _vendors(month: str) -> Iterator[Sending]:
    """The vendor master of a month: never sent, or with a number twice and mended, or in order."""
    if month in stories.NO_VENDOR_MASTER:
        return
    at = _arrival(month, VENDORS)
    master = vendor_master(month)
    named = _Named(VENDORS, month)
    if month in stories.NUMBER_TWICE:
        twice = stories.NUMBER_TWICE[month]
        doubled = [row for v in master for row in ([v, v] if v.supplier_id == twice else [v])]
        story = "One supplier stands in it twice, so neither row can be used."
        yield _vendors_sent(named, at, doubled, story, twice=twice)
        at += timedelta(days=7)
    corrects = month in stories.NUMBER_TWICE
    yield _vendors_sent(named, at, master, "Mended." if corrects else "On time.", corrects=corrects)


def _vendors_sent(
    named: "_Named",
    at: datetime,
    master: list[Supplier],
    story: str,
    *,
    twice: str = "",
    corrects: bool = False,
) -> VendorsSent:
    is_workbook = named.month in stories.VENDORS_AS_WORKBOOK
    body = [_vendor(nth, vendor, named.month, is_workbook) for nth, vendor in enumerate(master)]
    sheet = table(VENDOR_HEADER, body)
    content = as_workbook("Vendors", sheet) if is_workbook else sheet.as_csv()
    usable = tuple(vendor for vendor in master if vendor.supplier_id != twice)
    bad = [row for row in sheet.line_rows if sheet.rows[row - 1][0] == twice]
    return VendorsSent(
        delivery=Delivery(
            at, VENDORS, named.name("xlsx" if is_workbook else "csv"), content, story
        ),
        sender=SENDER,
        period=named.month,
        loaded=Sum(len(usable)),
        quarantined=Sum(len(bad)),
        planted=tuple(Planted(row, "number used twice", twice) for row in bad),
        corrects=corrects,
        vendors=usable,
    )


def _vendor(nth: int, vendor: Supplier, month: str, is_workbook: bool) -> list[Cell]:
    """A row of the master: postcodes in three ways; a workbook takes leading zeros from numbers."""
    written = (str, str.lower, lambda text: text.replace(" ", ""))[nth % 3]
    number = vendor.company_number
    return [
        int(vendor.supplier_id) if is_workbook else vendor.supplier_id,
        vendor.name,
        int(number) if is_workbook and number else number,
        vendor.charity_number,
        written(vendor.postcode_in(month)),
        vendor.location_basis,
        vendor.size,
        vendor.vcse,
        vendor.sector,
    ]


def _controls(month: str, ledgers: Books) -> Iterator[Sending]:
    """A month's control totals; where one does not tie at first, the mended ones as well."""
    at = _arrival(month, CONTROLS)
    named = _Named(CONTROLS, month)
    true = {part: _control(ledgers[month, part]) for part in PARTS}
    first = first_totals(month, true, ledgers)
    if first is not None:
        yield _controls_sent(named, at, first.totals, first.story)
        yield _controls_sent(named, first.mended_at, true, "Put right.", corrects=True)
        return
    yield _controls_sent(named, at, true, "Late." if month in stories.CONTROLS_LATE else "On time.")


def _controls_sent(
    named: "_Named", at: datetime, totals: dict[str, Sum], story: str, *, corrects: bool = False
) -> ControlsSent:
    is_workbook = named.month >= stories.CONTROLS_AS_WORKBOOK_FROM
    body: list[list[Cell]] = [
        [named.month, part, total.rows, total.amount]
        if is_workbook
        else [named.month, part, str(total.rows), f"{total.amount:.2f}"]
        for part, total in totals.items()
    ]
    sheet = table(CONTROL_HEADER, body)
    content = as_workbook("Control totals", sheet) if is_workbook else sheet.as_csv()
    added = sum((total.amount for total in totals.values()), Decimal(0))
    return ControlsSent(
        delivery=Delivery(
            at, CONTROLS, named.name("xlsx" if is_workbook else "csv"), content, story
        ),
        sender=SENDER,
        period=named.month,
        loaded=Sum(len(totals), added),
        corrects=corrects,
        totals=tuple(totals.items()),
    )


@dataclass(frozen=True)
class _Named:
    """What a file of finance is called by: return, month, part."""

    return_name: str
    month: str
    part: str = ""

    def name(self, kind: str) -> str:
        return "_".join(filter(None, (SENDER, self.month, self.part))) + f".{kind}"

    def rejected(self, at: datetime, content: bytes, story: str) -> Sending:
        delivery = Delivery(at, self.return_name, self.name("csv"), content, story)
        return Sending(delivery, SENDER, self.month, self.part, outcome="rejected")


def sum_of(lines: list[Line]) -> Sum:
    """Lines counted and added; one whose amount cannot be read is counted and adds nothing."""
    readable = (line.amount for line in lines if not line.amount_text)
    return Sum(len(lines), sum(readable, Decimal("0.00")))


def _control(lines: list[Line]) -> Sum:
    """What the ledger itself says of a part of a month: every line, every true amount."""
    return Sum(len(lines), sum((line.amount for line in lines), Decimal("0.00")))


def _arrival(month: str, what: str) -> datetime:
    """When a file comes: some days after the month's end, a little later each time, or as told."""
    days, hour = {VENDORS: (5, 9), CONTROLS: (6, 9), "corporate": (10, 10), "transport": (12, 14)}[
        what
    ]
    nth = MONTHS.index(month)
    days = stories.LATE.get((month, what), days + nth % 3)
    day = datetime.combine(last_day(month), datetime.min.time())
    return day + timedelta(days=days, hours=hour, minutes=7 * nth % 60)


def _month_in_words(month: str) -> str:
    return f"{MONTH_NAMES[int(month[5:]) - 1]} {month[:4]}"
