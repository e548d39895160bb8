"""People who do not exist: what a return says of a person and must be found nowhere afterwards.

Names are put together of parts that no place, firm or story of the demo uses; telephone numbers are
of the range that Ofcom keeps for drama; e-mail addresses end in a domain that cannot exist. Home
postcodes are real (see homes.csv), so that each leads to its local authority, and no supplier's.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from flows.demo.made.authority.authority import Place

_FIRST = [
    "Aldith",
    "Bertran",
    "Cosima",
    "Dunstan",
    "Elowen",
    "Ferelith",
    "Gwendal",
    "Hesper",
    "Ivor",
    "Jessamy",
    "Kerensa",
    "Leofric",
    "Merryn",
    "Nesta",
    "Osric",
    "Perpetua",
    "Quenby",
    "Rosamund",
    "Sidony",
    "Tamsin",
    "Ursell",
    "Vespera",
    "Wilfrid",
    "Xanthe",
    "Ysolde",
    "Zebulon",
]
_HEAD = [
    "Quill",
    "Thrupp",
    "Muckle",
    "Wimble",
    "Snod",
    "Brackl",
    "Piddl",
    "Grimb",
    "Hasl",
    "Tozz",
    "Vext",
    "Yarn",
    "Ollerk",
    "Dabb",
    "Clench",
    "Frudd",
    "Jolliv",
    "Kettl",
    "Nabb",
    "Skelp",
]
_TAIL = [
    "ering",
    "umsby",
    "away",
    "ithwick",
    "enshaw",
    "aldine",
    "opple",
    "erton",
    "iggott",
    "esmere",
    "ourne",
    "ackle",
]
_EARLIEST = date(1959, 5, 3)
_DOMAIN = "canary.invalid"


@dataclass(frozen=True)
class Identity:
    """Everything personal about a person who does not exist."""

    name: str
    email: str
    phone: str
    birth_date: date
    home: Place


@cache
def homes() -> tuple[Place, ...]:
    """The home postcodes: most in the six districts, some outside."""
    path = Path(__file__).parent / "homes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
        return tuple(Place(postcode, code, name) for postcode, code, name in rows)


@cache
def identity(nth: int) -> Identity:
    """The nth person, always the same; names repeat only after several thousand."""
    first = _FIRST[nth % len(_FIRST)]
    rest = nth // len(_FIRST)
    last = _HEAD[(rest + 7 * nth) % len(_HEAD)] + _TAIL[(rest // len(_HEAD) + nth) % len(_TAIL)]
    return Identity(
        name=f"{first} {last}",
        email=f"{first}.{last}.{nth}@{_DOMAIN}".lower(),
        phone=f"07700 900{(nth * 37) % 1000:03d}",
        birth_date=_EARLIEST + timedelta(days=(nth * 577) % 15_900),
        home=homes()[(nth * 29) % len(homes())],
    )
