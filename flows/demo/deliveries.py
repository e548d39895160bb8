"""The files of the quarter as they arrive, in time order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flows.demo.authority import PARTS, SENDER, Supplier, vendor_master
from flows.demo.delivery import Delivery
from flows.demo.ledger import MONTHS, SENT_TWICE, Line, as_first_sent, ledger
from flows.demo.sheets import (
    MIXED_DATES,
    Sheet,
    corporate_sheet,
    iso_moment,
    table_sheet,
    transport_sheet,
    uk_date,
    word_date,
)

DEFAULT_SEED = 2022
PAYMENTS, VENDORS, CONTROLS = "finance_payments", "finance_vendors", "finance_control_totals"

MONTH_WORDS = {"2022-04": "April 2022", "2022-05": "May 2022", "2022-06": "June 2022"}
TRANSPORT_DATES = {
    "2022-04": (word_date,),
    "2022-05": MIXED_DATES,
    "2022-06": (iso_moment, uk_date),
}
WITH_BOM = "2022-06"

# Moments are UTC without a zone, as everywhere in the warehouse.
ARRIVALS = {
    (VENDORS, "2022-04", ""): datetime.fromisoformat("2022-05-05T09:10"),
    (CONTROLS, "2022-04", ""): datetime.fromisoformat("2022-05-06T09:15"),
    (PAYMENTS, "2022-04", "corporate"): datetime.fromisoformat("2022-05-10T10:00"),
    (PAYMENTS, "2022-04", "transport"): datetime.fromisoformat("2022-05-12T14:30"),
    (VENDORS, "2022-05", ""): datetime.fromisoformat("2022-06-07T09:05"),
    (CONTROLS, "2022-05", ""): datetime.fromisoformat("2022-06-08T09:20"),
    (PAYMENTS, "2022-05", "corporate"): datetime.fromisoformat("2022-06-10T10:40"),
    (PAYMENTS, "2022-05", "transport"): datetime.fromisoformat("2022-06-13T15:00"),
    (VENDORS, "2022-06", ""): datetime.fromisoformat("2022-07-06T09:00"),
    (CONTROLS, "2022-06", ""): datetime.fromisoformat("2022-07-07T09:30"),
    (PAYMENTS, "2022-06", "corporate"): datetime.fromisoformat("2022-07-12T11:15"),
    (PAYMENTS, "2022-06", "transport"): datetime.fromisoformat("2022-07-20T16:45"),
}
AGAIN_AT = datetime.fromisoformat("2022-05-18T08:50")
AGAIN_NAME = f"{SENDER}_2022-04_corporate-copy.csv"
CORRECTED_AT = datetime.fromisoformat("2022-06-24T13:20")

STORIES = {
    (PAYMENTS, "2022-04", "corporate"): (
        "On time. Withheld names, credits written in three ways, suppliers without number, "
        "agency shifts as identical rows, blank rows."
    ),
    (PAYMENTS, "2022-04", "transport"): (
        "On time, in the transport ledger's own layout: titles above the header, cp1252, pound "
        "signs, thousands commas, brackets, dates in words, a total at the foot."
    ),
    (PAYMENTS, "2022-05", "corporate"): (
        "Sent with errors: an amount TBC, a formula's text for an amount, a date in the year "
        "20019, one amount GBP 90.00 too low, the last three lines missing."
    ),
    (PAYMENTS, "2022-05", "transport"): (
        "On time. Five forms of date in one column, Excel serials among them."
    ),
    (PAYMENTS, "2022-06", "corporate"): "On time, with a byte order mark.",
    (
        PAYMENTS,
        "2022-06",
        "transport",
    ): "Late: due 15 July, it comes on 20 July. Two forms of date.",
}


@dataclass(frozen=True)
class Sending:
    """A delivery with what is known of it behind the scenes. `again` repeats earlier bytes."""

    delivery: Delivery
    month: str
    part: str
    sheet: Sheet
    lines: list[Line]
    again: bool = False
    corrects: bool = False


def deliveries(seed: int = DEFAULT_SEED) -> list[Delivery]:
    """Every file of April, May and June 2022, in the order of arrival; equal for equal seeds."""
    return [sending.delivery for sending in sendings(seed)]


def sendings(seed: int) -> list[Sending]:
    """The deliveries and what stands behind each, in the order of arrival."""
    books = ledger(seed)
    sent = []
    for month in MONTHS:
        sent.append(_sending(VENDORS, month, "", _vendors_sheet(month), []))
        sent.append(_sending(CONTROLS, month, "", _controls_sheet(month, books), []))
        for part in PARTS:
            lines = books[month, part]
            if (month, part) == SENT_TWICE:
                lines = as_first_sent(lines)
            sent.append(_sending(PAYMENTS, month, part, _payments_sheet(month, part, lines), lines))
    first = next(s for s in sent if (s.month, s.part) == ("2022-04", "corporate"))
    story = "April's corporate file once more, the same bytes under another name: a duplicate."
    again = Delivery(AGAIN_AT, PAYMENTS, AGAIN_NAME, first.delivery.content, story)
    sent.append(Sending(again, first.month, first.part, first.sheet, first.lines, again=True))
    sent.append(_corrected(books))
    return sorted(sent, key=lambda s: s.delivery.at)


def _sending(name: str, month: str, part: str, sheet: Sheet, lines: list[Line]) -> Sending:
    at, story = ARRIVALS[name, month, part], STORIES.get((name, month, part), "On time.")
    delivery = Delivery(at, name, _file_name(month, part), sheet.content(), story)
    return Sending(delivery, month, part, sheet, lines)


def _corrected(books: dict[tuple[str, str], list[Line]]) -> Sending:
    month, part = SENT_TWICE
    sheet = _payments_sheet(month, part, books[SENT_TWICE])
    story = (
        "The corrected file, which replaces the first: amounts filled in and put right, the three "
        "lines added. The date in the year 20019 is still there."
    )
    name = _file_name(month, part)
    delivery = Delivery(CORRECTED_AT, PAYMENTS, name, sheet.content(), story)
    return Sending(delivery, month, part, sheet, books[SENT_TWICE], corrects=True)


def _file_name(month: str, part: str) -> str:
    return f"{SENDER}_{month}_{part}.csv" if part else f"{SENDER}_{month}.csv"


def _payments_sheet(month: str, part: str, lines: list[Line]) -> Sheet:
    if part == "corporate":
        return corporate_sheet(lines, bom=month == WITH_BOM)
    titles = [
        "Payments to suppliers over £500, net of recoverable VAT",
        f"Transport ledger – {MONTH_WORDS[month]}",
    ]
    return transport_sheet(lines, titles=titles, dates=TRANSPORT_DATES[month])


def _controls_sheet(month: str, books: dict[tuple[str, str], list[Line]]) -> Sheet:
    body = []
    for part in PARTS:
        lines = books[month, part]
        total = sum((line.amount for line in lines), Decimal(0))
        body.append([month, part, str(len(lines)), f"{total:.2f}"])
    return table_sheet(["Month", "Part", "Payment count", "Control total"], body)


def _vendors_sheet(month: str) -> Sheet:
    header = ["Supplier ID", "Supplier name", "Companies House registration number"]
    header += ["Charity number", "Postcode", "Location basis", "Size", "VCSE", "Sector"]
    body = [_vendor(nth, supplier, month) for nth, supplier in enumerate(vendor_master(month))]
    return table_sheet(header, body)


def _vendor(nth: int, supplier: Supplier, month: str) -> list[str]:
    written = (str, str.lower, lambda text: text.replace(" ", ""))[nth % 3](
        supplier.postcode_in(month)
    )
    return [
        supplier.supplier_id,
        supplier.name,
        supplier.company_number,
        supplier.charity_number,
        written,
        supplier.location_basis,
        supplier.size,
        supplier.vcse,
        supplier.sector,
    ]
