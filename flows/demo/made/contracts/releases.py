"""Contract notices as Contracts Finder releases them: an OCDS release package, as JSON.

What is odd in it is odd in real ones: the tender's suitability says nothing of the supplier, few
suppliers have a company number, postcodes stand in address strings, officers are named, tenders and
plans stand among the awards, and a later release corrects an earlier one of the same OCID.
"""

import hashlib
import json
from datetime import date, datetime, timedelta
from decimal import Decimal

from flows.demo.made.authority.authority import BODY_NAME, Supplier
from flows.demo.made.authority.canaries import identity
from flows.demo.made.authority.periods import last_day
from flows.demo.made.contracts.register import NOTICE_CORRECTED, NOTICE_TYPO, Entry, register

Json = dict[str, object]

_PREFIX = "ocds-b5fd17"
_BUYER = "GB-CFS-299001"
_PLACES = ("Albert Dock", "Brook Street", "Canal Wharf", "Dock Road", "Exchange Flags")


NO_AWARDS = ("tender", "planning")  # releases that stand among the awards


def package(quarter: str) -> bytes:
    """The release package of a quarter, the newest release first."""
    released = [release for entry in register(quarter) for release in _awards(entry, quarter)]
    released += [_other(quarter, nth, tag) for nth, tag in enumerate(NO_AWARDS)]
    released.sort(key=lambda release: str(release["date"]), reverse=True)
    content: Json = {
        "uri": f"https://notices.example.org/releases/{quarter.lower().replace(' ', '-')}.json",
        "version": "1.1",
        "publishedDate": f"{last_day(quarter) + timedelta(days=5)}T06:00:00Z",
        "publisher": {"name": "Example Notices"},
        "license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "releases": released,
    }
    return json.dumps(content, indent=1, ensure_ascii=False).encode("utf-8")


def award_notices(quarter: str) -> int:
    """How many award notices the package holds, superseded ones too."""
    return sum(len(_awards(entry, quarter)) for entry in register(quarter))


def ocid(reference: str) -> str:
    """The open contracting id of a contract."""
    digits = hashlib.sha256(reference.encode()).hexdigest()
    return "-".join(
        (_PREFIX, digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32])
    )


def _awards(entry: Entry, quarter: str) -> list[Json]:
    day = (entry.awarded or entry.start) + timedelta(days=6)
    at = datetime(day.year, day.month, day.day, 10, 0)  # noqa: DTZ001 (UTC, as its Z says)
    if entry.reference == NOTICE_CORRECTED and quarter == "2022-23 Q2":
        return [_award(entry, datetime(2022, 8, 17, 15, 30), "awardUpdate", 2)]  # noqa: DTZ001
    if entry.reference == NOTICE_TYPO:
        wrong = (entry.value or Decimal(0)) * 100
        return [
            _award(entry, at, "award", 1, value=wrong),
            _award(entry, at + timedelta(minutes=6), "awardUpdate", 2),
        ]
    return [_award(entry, at, "award", 1)]


def _award(entry: Entry, at: datetime, tag: str, nth: int, value: Decimal | None = None) -> Json:
    release, supplier = _release(entry, at, tag), entry.supplier
    party = {"id": _party_id(supplier), "name": supplier.name}
    release["awards"] = [
        {
            "id": f"{release['ocid']}-{nth}",
            "status": "active",
            "date": f"{entry.awarded}T00:00:00Z",
            "datePublished": f"{at.isoformat()}Z",
            "value": {"amount": float(value or entry.value or 0), "currency": "GBP"},
            "suppliers": [party],
            "contractPeriod": _days(entry),
        }
    ]
    return release


def _release(entry: Entry, at: datetime, tag: str) -> Json:
    return {
        "ocid": ocid(entry.reference),
        "id": hashlib.sha256(f"{entry.reference} {at} {tag}".encode()).hexdigest()[:16],
        "language": "en",
        "date": f"{at.isoformat()}Z",
        "tag": [tag],
        "initiationType": "tender",
        "tender": {
            "id": entry.reference,
            "title": entry.title,
            "description": f"{entry.title} for {BODY_NAME}.",
            "status": "complete",
            "classification": {"scheme": "CPV", "id": "98000000", "description": "Services"},
            "procurementMethodDetails": entry.process,
            "contractPeriod": _days(entry),
            "suitability": {"sme": True, "vcse": True},
        },
        "parties": [_buyer(entry.reference), _supplier(entry.supplier)],
        "buyer": {"id": _BUYER, "name": BODY_NAME},
    }


def _other(quarter: str, nth: int, tag: str) -> Json:
    """A notice of something that is not awarded yet, so that it is no contract."""
    entry = register(quarter)[nth]
    day = last_day(quarter) - timedelta(days=9)
    at = datetime(day.year, day.month, day.day, 9, nth)  # noqa: DTZ001
    release = _release(entry, at, tag)
    release["ocid"] = ocid(f"{quarter} {tag}")
    release["tender"] = {
        "id": f"TO-COME-{nth + 1}",
        "title": "Electric ferry, early talks",
        "status": "active" if tag == "tender" else "planned",
        "value": {"amount": 2_500_000, "currency": "GBP"},
        "suitability": {"sme": True, "vcse": False},
    }
    release["parties"] = [_buyer(str(release["ocid"]))]
    return release


def _buyer(key: str) -> Json:
    officer = identity(9000 + sum(key.encode()) % 8)
    return {
        "id": _BUYER,
        "name": BODY_NAME,
        "identifier": {"legalName": BODY_NAME},
        "address": {
            "streetAddress": "1 Example Way",
            "locality": "Liverpool",
            "countryName": "England",
        },
        "contactPoint": {"name": officer.name, "email": officer.email, "telephone": officer.phone},
        "roles": ["buyer"],
    }


def _supplier(supplier: Supplier) -> Json:
    """Its own scale, where it is known; its postcode, if it has one, at the end of the address."""
    nth = int(supplier.supplier_id)
    postcode = supplier.postcode.replace(" ", "") if nth % 3 == 0 else supplier.postcode
    street = f"{nth % 90 + 1} {_PLACES[nth % len(_PLACES)]}"
    details: Json = {}
    if supplier.size:
        details["scale"] = "large" if supplier.size == "large" else "sme"
    if supplier.vcse:
        details["vcse"] = supplier.vcse == "yes"
    identifier: Json = {"legalName": supplier.name}
    if _is_registered(supplier):
        identifier |= {"scheme": "GB-COH", "id": supplier.company_number}
    return {
        "id": _party_id(supplier),
        "name": supplier.name,
        "identifier": identifier,
        "address": {"streetAddress": ", ".join(part for part in (street, postcode) if part)},
        "details": details,
        "roles": ["supplier"],
    }


def _is_registered(supplier: Supplier) -> bool:
    return bool(supplier.company_number) and int(supplier.supplier_id) % 2 == 0


def _party_id(supplier: Supplier) -> str:
    if _is_registered(supplier):
        return f"GB-COH-{supplier.company_number}"
    return f"GB-CFS-{int(supplier.supplier_id) - 190_000}"


def _days(entry: Entry) -> Json:
    end: date | None = entry.end
    days: Json = {"startDate": f"{entry.start}T00:00:00Z"}
    if end:
        days["endDate"] = f"{end}T23:59:59Z"
    return days
