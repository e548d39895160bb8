"""What the figures must be: added up from the made-up ledger in plain Decimal, line by line."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from flows.demo.authority import DISTRICTS, EXCLUDED, Supplier, places, vendor_master
from flows.demo.deliveries import DEFAULT_SEED, PAYMENTS, Sending, sendings
from flows.demo.ledger import MONTHS, Line, ledger

ELSEWHERE = "Elsewhere in the UK"
UNKNOWN = "Location unknown"
REDACTED = "Supplier name redacted"
EXCLUDED_GROUP = "Excluded (not purchases)"
QUARANTINED = "Quarantined (in no figure)"
GROUPS = (*DISTRICTS.values(), ELSEWHERE, UNKNOWN, REDACTED, EXCLUDED_GROUP, QUARANTINED)

PERIODS = {"2022-23 Q1": MONTHS, "2022-23 H1": MONTHS, "2022-23": MONTHS}  # to the end of June
DUE_DAYS = {PAYMENTS: 15, "finance_vendors": 10, "finance_control_totals": 10}
SIX_DECIMALS = Decimal("0.000001")


@dataclass(frozen=True)
class Sum:
    """So many payments, and what they add up to."""

    payments: int = 0
    amount: Decimal = Decimal("0.00")

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.payments + other.payments, self.amount + other.amount)


@dataclass(frozen=True)
class Spend:
    """What was spent in a period, by place group (see GROUPS)."""

    period: str
    groups: dict[str, Sum]

    @property
    def by_district(self) -> dict[str, Decimal]:
        """Net spend at suppliers in each of the six districts."""
        return {name: self.groups[name].amount for name in DISTRICTS.values()}

    @property
    def in_region(self) -> Decimal:
        """Net spend at suppliers in the city region."""
        return sum(self.by_district.values(), Decimal(0))

    @property
    def known(self) -> Decimal:
        """Net spend with known location."""
        return self.in_region + self.groups[ELSEWHERE].amount

    @property
    def unknown(self) -> Decimal:
        """Net spend at named suppliers whose location is not known."""
        return self.groups[UNKNOWN].amount

    @property
    def redacted(self) -> Decimal:
        """Net spend where the supplier's name is withheld."""
        return self.groups[REDACTED].amount

    @property
    def excluded(self) -> Decimal:
        """What went through the ledger and bought nothing."""
        return self.groups[EXCLUDED_GROUP].amount

    @property
    def all(self) -> Decimal:
        """All spend: known, unknown and redacted; what is excluded stands apart."""
        return self.known + self.unknown + self.redacted

    def percent_of_known(self, district: str = "") -> Decimal | None:
        """C01 on spend with known location, of the region or of a district."""
        return percent(self._of(district), self.known)

    def percent_of_all(self, district: str = "") -> Decimal | None:
        """C01 on all spend, of the region or of a district."""
        return percent(self._of(district), self.all)

    def _of(self, district: str) -> Decimal:
        return self.by_district[district] if district else self.in_region


@dataclass(frozen=True)
class Load:
    """What the end state holds of a part of a month, and what its control total says."""

    loaded: Sum
    quarantined: Sum
    dropped_rows: int
    control: Sum


@dataclass(frozen=True)
class Outcome:
    """How a delivery ends. `loaded` and the like are what the file itself gives, also where a later
    one replaces it; a duplicate is not read and gives nothing.

    `outcome` is loaded or duplicate; `replaced` says that a later delivery took its place.
    `late_days` are those of the slot: a correction of what came in time is not late.
    """

    at: datetime
    return_name: str
    file_name: str
    month: str
    part: str
    outcome: str
    replaced: bool
    late_days: int
    loaded: Sum
    quarantined: Sum
    dropped_rows: int


@dataclass(frozen=True)
class Truth:
    """Every figure that must come of the deliveries."""

    periods: dict[str, Spend]
    loads: dict[tuple[str, str], Load]
    outcomes: list[Outcome]


def truth(seed: int = DEFAULT_SEED) -> Truth:
    """What must come of `deliveries(seed)` once all of them are in."""
    sent = sendings(seed)
    books = ledger(seed)
    return Truth(
        periods={label: _spend(label, months, books) for label, months in PERIODS.items()},
        loads={key: _load(key, lines, sent) for key, lines in books.items()},
        outcomes=[_outcome(sending, sent) for sending in sent],
    )


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` in a hundred of `whole`, to six decimals; None where the whole is not above zero."""
    if whole <= 0:
        return None
    return (100 * part / whole).quantize(SIX_DECIMALS, ROUND_HALF_UP)


def place_group(line: Line) -> str:
    """Where a line counts. Raises KeyError if a vendor's postcode is in no local authority."""
    if line.supplier is None:
        return REDACTED
    if line.supplier.name in EXCLUDED:
        return EXCLUDED_GROUP
    vendor = find_vendor(line)
    postcode = vendor.postcode_in(line.month) if vendor else ""
    return DISTRICTS.get(places()[postcode].code, ELSEWHERE) if postcode else UNKNOWN


def find_vendor(line: Line) -> Supplier | None:
    """The vendor by the number that the file gives; by the cleaned name where it gives none."""
    master = vendor_master(line.month)
    if line.supplier_id:
        return next((v for v in master if v.supplier_id == line.supplier_id), None)
    same = [v for v in master if clean_name(v.name) == clean_name(line.name)]
    return same[0] if len(same) == 1 else None


@cache
def clean_name(name: str) -> str:
    """The name in capitals, without punctuation, folded blanks and legal form."""
    words = re.sub(r"[^A-Z0-9 ]", "", name.upper().replace("&", " AND ")).split()
    while words and words[-1] in ("LIMITED", "LTD", "LLP", "PLC"):
        words.pop()
    return " ".join(words)


def _spend(label: str, months: tuple[str, ...], books: dict[tuple[str, str], list[Line]]) -> Spend:
    groups = {group: Sum() for group in GROUPS}
    for (month, _), lines in books.items():
        for line in lines if month in months else []:
            group = QUARANTINED if line.quarantined else place_group(line)
            groups[group] += _sum_of([line])
    return Spend(label, groups)


def _load(key: tuple[str, str], lines: list[Line], sent: list[Sending]) -> Load:
    last = [s for s in sent if (s.month, s.part) == key and not s.again][-1]
    return Load(
        loaded=_sum_of([line for line in lines if not line.quarantined]),
        quarantined=_sum_of([line for line in lines if line.quarantined]),
        dropped_rows=last.sheet.dropped,
        control=Sum(len(lines), sum((line.amount for line in lines), Decimal("0.00"))),
    )


def _outcome(sending: Sending, sent: list[Sending]) -> Outcome:
    delivery = sending.delivery
    slot = (delivery.return_name, sending.month, sending.part)
    same = [s for s in sent if (s.delivery.return_name, s.month, s.part) == slot and not s.again]
    good = [line for line in sending.lines if not line.quarantined]
    bad = [line for line in sending.lines if line.quarantined]
    loaded = _sum_of(good) if sending.lines else Sum(len(sending.sheet.line_rows))
    return Outcome(
        at=delivery.at,
        return_name=delivery.return_name,
        file_name=delivery.file_name,
        month=sending.month,
        part=sending.part,
        outcome="duplicate" if sending.again else "loaded",
        replaced=sending is not same[-1] and not sending.again,
        late_days=_late_days(delivery.return_name, sending.month, same[0].delivery.at.date()),
        loaded=Sum() if sending.again else loaded,
        quarantined=Sum() if sending.again else _sum_of(bad),
        dropped_rows=0 if sending.again else sending.sheet.dropped,
    )


def _late_days(return_name: str, month: str, came: date) -> int:
    last_day = date(int(month[:4]), int(month[5:]), monthrange(int(month[:4]), int(month[5:]))[1])
    due = last_day + timedelta(days=DUE_DAYS[return_name])
    return max(0, (came - due).days)


def _sum_of(lines: list[Line]) -> Sum:
    """Lines counted and added; one whose amount cannot be read is counted and adds nothing."""
    readable = (line.amount for line in lines if not line.amount_text)
    return Sum(len(lines), sum(readable, Decimal("0.00")))
