"""The made-up authority: its ledger's parts, its services and its suppliers."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flows.demo.made.contracts.contracts import contracts

SENDER = "lcrca"
BODY_NAME = "Example City Region Authority"
PARTS = ("corporate", "transport")
# Who answers for the framework's commitments, by post and never by name.
POSTS = (
    "Head of People",
    "Head of Procurement",
    "Assistant Director Transport",
    "Head of Investment",
    "Assistant Director Policy",
)

REGION = "Liverpool City Region"
DISTRICTS = {
    "E06000006": "Halton",
    "E08000011": "Knowsley",
    "E08000012": "Liverpool",
    "E08000013": "St Helens",
    "E08000014": "Sefton",
    "E08000015": "Wirral",
}

AGENCY = "Pelican Street Staffing Limited"
MANY_SPELLINGS = "Thistlewick Fabrication Limited"
NOT_A_REDACTION = "CONFIDENCE CARE AND SUPPORT LIMITED"
NOT_A_TOTAL = "Total Tidewater Lifts Limited"
# Taxes and pension contributions go through the ledger but buy nothing.
EXCLUDED = frozenset({"HM REVENUE AND CUSTOMS"})

# As bodies really write that a name is withheld.
REDACTIONS = (
    "REDACTED PERSONAL DATA",
    "REDACTED COMMERCIAL CONFIDENTIALITY",
    "Redacted Personal Information",
    "REDACTED - Personal Information",
    "Name Withheld",
    "REDACTED UNDER DP ACT",
    "Name Witheld",
)

# The same supplier as different clerks keyed it; all but the last two mean the same once case,
# blanks and the legal form are set aside, so only those may stand without a supplier number.
SPELLINGS = (
    "Thistlewick Fabrication Limited",
    "Thistlewick Fabrication Ltd",
    "THISTLEWICK FABRICATION LIMITED",
    "Thistlewick Fabrication Ltd.",
    "Thistlewick  Fabrication Limited",
    "Thistlewick Fabricaton Ltd",
    "Thistlewick Fabrication Ltd T/A Thistlewick Steel",
)
SAFE_SPELLINGS = SPELLINGS[:5]

# By part of the ledger: directorate, service, the kinds of cost it has.
SERVICES: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "corporate": (
        ("Corporate Services", "Digital and ICT", ("Computer Software", "IT Support")),
        ("Corporate Services", "Legal and Democratic", ("Legal Fees", "Professional Fees")),
        ("Corporate Services", "People", ("Agency Staff", "Staff Training")),
        ("Skills and Employment", "Adult Education Budget", ("Grants to Providers",)),
        ("Skills and Employment", "Households into Work", ("Grants to Providers", "Support")),
        ("Investment and Delivery", "Strategic Investment Fund", ("Capital Grants", "Works")),
        ("Policy and Strategy", "Culture and Events", ("Events", "Printing and Publicity")),
    ),
    "transport": (
        ("Integrated Transport", "Bus", ("Supported Services", "Concessionary Travel")),
        ("Integrated Transport", "Ferries", ("Vessel Repairs", "Fuel")),
        ("Integrated Transport", "Rail", ("Rolling Stock", "Station Maintenance")),
        ("Integrated Transport", "Tunnels", ("Works", "Lighting", "Plant Hire")),
    ),
}

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Place:
    """A postcode, its local authority, and its decile of deprivation (None: none is known)."""

    postcode: str
    code: str
    name: str
    decile: int | None = None


@dataclass(frozen=True)
class Supplier:
    """A supplier. `joined` is the first month it stands in the vendor master; '' is never.

    `size` and `vcse` are '' where nobody knows. `moved_to` is its postcode from the month `moved`.
    """

    supplier_id: str
    name: str
    company_number: str
    charity_number: str
    postcode: str
    location_basis: str
    size: str
    vcse: str
    sector: str
    part: str
    joined: str
    moved: str
    moved_to: str

    def postcode_in(self, month: str) -> str:
        """Where the vendor master of `month` says that it trades from; '' where that is unknown."""
        return self.moved_to if self.moved and self.moved <= month else self.postcode

    def in_master(self, month: str) -> bool:
        """Whether the vendor master of `month` holds the supplier."""
        return bool(self.joined) and self.joined <= month

    def can_be_paid(self, part: str, month: str) -> bool:
        """Whether that part of the ledger pays it in that month (never before it joined)."""
        return self.part in (part, "both") and self.joined <= month


@cache
def places() -> dict[str, Place]:
    """Every postcode of the demo, by its text."""
    with (_HERE / "postcodes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["postcode"]: _place(row) for row in rows}


def _place(row: dict[str, str]) -> Place:
    decile = row["deprivation_decile"]
    return Place(
        postcode=row["postcode"],
        code=row["local_authority_code"],
        name=row["local_authority"],
        decile=int(decile) if decile else None,
    )


@cache
def suppliers() -> tuple[Supplier, ...]:
    """Every supplier that is paid, also those that the vendor master does not know."""
    with (_HERE / "suppliers.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Supplier(**row) for row in csv.DictReader(file))


def contracted() -> tuple[Supplier, ...]:
    """The sixty suppliers that hold contracts, in the order of their numbers."""
    holders = {contract.supplier_id for contract in contracts()}
    return tuple(supplier for supplier in suppliers() if supplier.supplier_id in holders)


def directorates() -> tuple[str, ...]:
    """The directorates of both parts of the ledger, in the order in which they are first named."""
    named = [directorate for part in PARTS for directorate, _, _ in SERVICES[part]]
    return tuple(dict.fromkeys(named))


def slug(name: str) -> str:
    """A name as a file name's sender: `Head of People` is `head-of-people`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def vendor_master(month: str) -> list[Supplier]:
    """The suppliers in the vendor master of `month`."""
    return [supplier for supplier in suppliers() if supplier.in_master(month)]
