"""What was wrong in a payments file when it first came, and what stays wrong for good."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from flows.demo.made.authority.delivery import Sum
from flows.demo.made.authority.sheets import uk_date, us_date
from flows.demo.made.finance.ledger import Books, Line, ledger
from flows.demo.made.finance.orders import UNKNOWN_REFERENCE
from flows.demo.made.finance.payment_files import ERROR, UNCALCULATED, Looks, transport

FORMULA, FORMULA_MEANS = "=31484/40", Decimal("787.10")
NO_AMOUNT, NO_AMOUNT_MEANS = "TBC", Decimal("1250.00")
FAR_YEAR, NO_SUCH_DAY = "20019-11-27", "31/09/2021"
TOO_LOW, TOO_HIGH = Decimal("90.00"), Decimal("12000.00")
MISSING_AT_FIRST = 3
AT_ONCE = timedelta(0)
REGISTER = (
    "Contract Reference,Contract Title,Supplier Name,Start Date,End Date,Contract Value\n"
    "CR-0003,Adult learning in the north,Owlbarrow Training Trust,01/03/2018,28/02/2023,33000.00\n"
)


@dataclass(frozen=True)
class Version:
    """A file as it came: so long after its first arrival, with these lines, or refused bytes."""

    lines: list[Line] = field(default_factory=list)
    after: timedelta = AT_ONCE
    story: str = "On time."
    refused: bytes = b""


@dataclass(frozen=True)
class FirstTotals:
    """Control totals that were put right later."""

    totals: dict[str, Sum]
    mended_at: datetime
    story: str


@cache
def books(seed: int) -> Books:
    """The ledger with what can never be read in it, and what is wrong in it for good."""
    lines = {key: list(found) for key, found in ledger(seed).items()}
    may = lines["2022-05", "corporate"]
    may[40] = replace(may[40], amount=NO_AMOUNT_MEANS)
    may[200] = replace(may[200], amount=FORMULA_MEANS)
    may[400] = replace(may[400], date_text=FAR_YEAR)
    may[500] = replace(may[500], amount=Decimal("2190.45"))
    august = lines["2021-08", "corporate"]
    august[123] = replace(august[123], date_text=NO_SUCH_DAY)
    for month in ("2021-10", "2022-07"):
        found = lines[month, "transport"]
        found[77] = replace(found[77], contract_reference=UNKNOWN_REFERENCE)
    return lines


def as_sent(month: str, part: str, lines: list[Line]) -> list[Version]:
    """The versions of a file in the order in which they come; the last is in force."""
    found = _VERSIONS.get((month, part))
    return found(lines) if found else [Version(lines)]


def first_totals(month: str, true: dict[str, Sum], ledgers: Books) -> FirstTotals | None:
    """The control totals as first sent, where they were wrong; None where they tie at once."""
    if month == "2022-01":
        typed = true["corporate"].amount + Decimal("900.00")
        wrong = true | {"corporate": Sum(true["corporate"].rows, typed)}
        return FirstTotals(wrong, datetime(2022, 2, 16, 10, 5), "A digit is mistyped.")  # noqa: DTZ001
    if month == "2022-10":
        first = _too_high(ledgers["2022-10", "transport"])[0].lines
        added = sum((line.amount for line in first), Decimal(0))
        wrong = true | {"transport": Sum(len(first), added)}
        story = "On time, and as wrong as the ledger that it ties with."
        return FirstTotals(wrong, datetime(2023, 2, 14, 11, 30), story)  # noqa: DTZ001
    return None


def _register_first(lines: list[Line]) -> list[Version]:
    wrong = "A contract register, sent as payments by mistake: refused."
    return [
        Version(story=wrong, refused=REGISTER.encode()),
        Version(lines, timedelta(days=2), "The payments. A date that no calendar has stays in it."),
    ]


def _two_orders_first(lines: list[Line]) -> list[Version]:
    looks = Looks(dates=(uk_date, uk_date, us_date))
    _, content = transport(lines, ["Payments to suppliers over £500"], looks)
    wrong = "Every third date has the month first: refused, because the column contradicts itself."
    return [
        Version(story=wrong, refused=content),
        Version(lines, timedelta(days=1), "The same with all dates day first."),
    ]


def _errors_first(lines: list[Line]) -> list[Version]:
    first = list(lines[:-MISSING_AT_FIRST])
    first[40] = replace(first[40], amount_text=NO_AMOUNT)
    first[200] = replace(first[200], amount_text=FORMULA)
    first[500] = replace(first[500], amount=first[500].amount - TOO_LOW)
    wrong = (
        "Sent with errors: an amount TBC, a formula's text for an amount, a date in the year "
        "20019, one amount GBP 90.00 too low, the last three lines missing."
    )
    right = (
        "The corrected file, which replaces the first: amounts filled in and put right, the three "
        "lines added. The date in the year 20019 is still there."
    )
    return [Version(first, story=wrong), Version(lines, timedelta(days=14, hours=3), right)]


def _cells_in_error_first(lines: list[Line]) -> list[Version]:
    first = list(lines)
    first[100] = replace(first[100], amount_text=ERROR)
    first[300] = replace(first[300], amount_text=UNCALCULATED)
    wrong = "A workbook with an amount in error and one that was never calculated."
    return [
        Version(first, story=wrong),
        Version(lines, timedelta(days=7), "Both amounts put right, as text."),
    ]


def _too_high(lines: list[Line]) -> list[Version]:
    first = list(lines)
    first[250] = replace(first[250], amount=first[250].amount + TOO_HIGH)
    after = datetime(2023, 2, 14) - datetime(2022, 11, 12)  # noqa: DTZ001
    right = "Corrected three months later: a payment had been entered GBP 12,000.00 too high."
    return [Version(first, story="On time."), Version(lines, after, right)]


_VERSIONS: dict[tuple[str, str], Callable[[list[Line]], list[Version]]] = {
    ("2021-08", "corporate"): _register_first,
    ("2021-11", "transport"): _two_orders_first,
    ("2022-05", "corporate"): _errors_first,
    ("2022-10", "transport"): _too_high,
    ("2022-11", "corporate"): _cells_in_error_first,
}
