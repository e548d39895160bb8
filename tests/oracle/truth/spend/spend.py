"""C01 to C04: what was spent where and with whom, added up line by line."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from flows.demo.made.authority.authority import DISTRICTS, EXCLUDED, Supplier, places
from flows.demo.made.authority.delivery import Sum
from flows.demo.made.authority.periods import months_of
from flows.demo.made.finance.finance import sum_of
from flows.demo.made.finance.ledger import Line
from flows.demo.made.finance.payment_files import as_transport_says
from tests.oracle.truth.figures import Figure, Key, Tally, percent
from tests.oracle.truth.standing import Standing

ELSEWHERE = "Elsewhere in the UK"
UNKNOWN = "Location unknown"
REDACTED = "Supplier name redacted"
EXCLUDED_GROUP = "Excluded (not purchases)"
QUARANTINED = "Quarantined (in no figure)"
NOT_SAID, NO_PLACE = "not stated", "none"
BASES = (
    *("registered_office", "branch", "order_site", "invoice_remit", "payment"),
    *(NOT_SAID, NO_PLACE),
)
GROUPS = (*DISTRICTS.values(), ELSEWHERE, UNKNOWN, REDACTED, EXCLUDED_GROUP, QUARANTINED)
SMALL = {"micro": True, "small": True, "medium": True, "large": False}
VCSE = {"yes": True, "no": False}
MOST_DEPRIVED = (1, 2)


@dataclass(frozen=True)
class Placed:
    """A payment line, and what is known of its supplier (None: not known, or not looked for)."""

    line: Line
    group: str
    vendor: Supplier | None
    is_small: bool | None
    is_vcse: bool | None
    is_deprived: bool | None

    @property
    def is_purchase(self) -> bool:
        """Whether the line counts in any figure of spend."""
        return self.group not in (EXCLUDED_GROUP, QUARANTINED)

    @property
    def basis(self) -> str:
        """What the vendor's postcode is the postcode of, if that is what places the line."""
        if self.vendor is None or self.group not in (*DISTRICTS.values(), ELSEWHERE):
            return NO_PLACE
        return self.vendor.location_basis.replace(" ", "_") or NOT_SAID

    @property
    def cell(self) -> "Cell":
        """With which other lines it can be added up."""
        line = self.line
        directorate = as_transport_says(line) if line.part == "transport" else line.directorate
        known = (self.is_small, self.is_vcse, self.is_deprived)
        return Cell(line.month, self.group, directorate, *known, self.basis)


@dataclass(frozen=True)
class Spend:
    """What was spent in a period, by place group (see GROUPS)."""

    period: str
    groups: dict[str, Sum]
    bases: dict[str, Sum]
    bases_in_region: dict[str, Decimal]

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


def placed(standing: Standing) -> list[Placed]:
    """Every line in force with its place and its supplier's kinds.

    Raises KeyError if a vendor's postcode is in no local authority.
    """
    finders = {month: Finder(standing, month) for month in {line.month for line in standing.lines}}
    return [_placed(line, finders[line.month]) for line in standing.lines]


class Finder:
    """Finds the vendor of a line in the vendor master that serves its month."""

    def __init__(self, standing: Standing, month: str) -> None:
        self._month = standing.master_month(month)
        master = standing.masters[self._month]
        self._by_number = {vendor.supplier_id: vendor for vendor in master}
        names = Counter(clean_name(vendor.name) for vendor in master)
        alone = (vendor for vendor in master if names[clean_name(vendor.name)] == 1)
        self._by_name = {clean_name(vendor.name): vendor for vendor in alone}

    def vendor(self, line: Line) -> Supplier | None:
        """By the number that the file gives; by the cleaned name where that leads nowhere."""
        found = self._by_number.get(line.supplier_id)
        return found or self._by_name.get(clean_name(line.name))

    def postcode(self, vendor: Supplier) -> str:
        """The vendor's postcode in that master."""
        return vendor.postcode_in(self._month)


def _placed(line: Line, finder: Finder) -> Placed:
    if line.quarantined:
        return Placed(line, QUARANTINED, None, None, None, None)
    if is_grant(line.expense) or (line.supplier and line.supplier.name in EXCLUDED):
        return Placed(line, EXCLUDED_GROUP, None, None, None, None)
    if line.supplier is None:
        return Placed(line, REDACTED, None, None, None, None)
    vendor = finder.vendor(line)
    postcode = finder.postcode(vendor) if vendor else ""
    if vendor is None or not postcode:
        known = (SMALL.get(vendor.size), VCSE.get(vendor.vcse)) if vendor else (None, None)
        return Placed(line, UNKNOWN, vendor, *known, None)
    place = places()[postcode]
    decile = place.decile
    return Placed(
        line,
        group=DISTRICTS.get(place.code, ELSEWHERE),
        vendor=vendor,
        is_small=SMALL.get(vendor.size),
        is_vcse=VCSE.get(vendor.vcse),
        is_deprived=None if decile is None else decile in MOST_DEPRIVED,
    )


def is_grant(expense: str) -> bool:
    """Whether a kind of cost is money given, which buys nothing."""
    return "grants" in re.findall(r"[a-z]+", expense.lower())


@cache
def clean_name(name: str) -> str:
    """The name in capitals, without punctuation, trading name, folded blanks and legal form."""
    cleaned = re.sub(r"\s+T/A\s.*$", "", name.upper().replace("&", " AND "))
    words = re.sub(r"[^A-Z0-9]+", " ", re.sub(r"['’.]", "", cleaned)).split()
    while words and words[-1] in ("LIMITED", "LTD", "LLP", "PLC"):
        words.pop()
    return " ".join(words)


@dataclass(frozen=True)
class Cell:
    """What lines have in common that any figure of spend tells apart."""

    month: str
    group: str
    directorate: str
    is_small: bool | None
    is_vcse: bool | None
    is_deprived: bool | None
    basis: str

    @property
    def is_purchase(self) -> bool:
        """Whether such lines count in any figure of spend."""
        return self.group not in (EXCLUDED_GROUP, QUARANTINED)


Cells = Mapping[Cell, Sum]


def in_cells(lines: Iterable[Placed]) -> Cells:
    """The lines counted and added by cell."""
    cells: dict[Cell, list[Line]] = defaultdict(list)
    for each in lines:
        cells[each.cell].append(each.line)
    return {cell: sum_of(found) for cell, found in cells.items()}


def spend(label: str, cells: Cells) -> Spend:
    """The spend of a period by place."""
    groups = {group: Sum() for group in GROUPS}
    bases = {basis: Sum() for basis in BASES}
    in_region = dict.fromkeys(BASES, Decimal(0))
    months = set(months_of(label))
    for cell, added in cells.items():
        if cell.month in months:
            groups[cell.group] += added
            if cell.is_purchase:
                bases[cell.basis] += added
            if cell.group in DISTRICTS.values():
                in_region[cell.basis] += added.amount
    return Spend(label, groups, bases, in_region)


def spend_figures(cells: Cells) -> Iterator[tuple[Key, Figure]]:
    """C01 to C04, each of known and of all spend, whole and by directorate (C01 by district too).

    A directorate's share is of its own spend; a district's of the whole, so that the districts add
    up to the region.
    """
    purchases = {cell: added.amount for cell, added in cells.items() if cell.is_purchase}
    flags: dict[str, Callable[[Cell], bool | None]] = {
        "C01": _is_local,
        "C02": lambda cell: cell.is_small,
        "C03": lambda cell: cell.is_vcse,
        "C04": lambda cell: cell.is_deprived,
    }
    for indicator, flag in flags.items():
        known, every = Tally(indicator, "known"), Tally(indicator, "all")
        for cell, amount in purchases.items():
            is_so = flag(cell)
            above = amount if is_so else Decimal(0)
            every.add(cell.month, above, amount, {"directorate": cell.directorate})
            if is_so is not None:
                known.add(cell.month, above, amount, {"directorate": cell.directorate})
        yield from known.figures()
        yield from every.figures()
    by_group: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for cell, amount in purchases.items():
        by_group[cell.month, cell.group] += amount
    yield from _districts("all", by_group)
    without = (UNKNOWN, REDACTED)
    yield from _districts("known", {k: v for k, v in by_group.items() if k[1] not in without})


def _is_local(cell: Cell) -> bool | None:
    return None if cell.group in (UNKNOWN, REDACTED) else cell.group in DISTRICTS.values()


def _districts(
    basis: str, by_group: Mapping[tuple[str, str], Decimal]
) -> Iterator[tuple[Key, Figure]]:
    for name in DISTRICTS.values():
        tally = Tally("C01", basis)
        for (month, group), amount in by_group.items():
            tally.add(month, amount if group == name else Decimal(0), amount)
        for key, figure in tally.figures():
            yield replace(key, breakdown="district", breakdown_value=name), figure
