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

_EARLIEST = date(1959, 5, 3)
DOMAIN = "canary.invalid"


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


def family_names() -> list[str]:
    """Every family name that a made-up person may have: none is anybody's."""
    return [head + tail for head in _names("head") for tail in _names("tail")]


@cache
def _names(part: str) -> tuple[str, ...]:
    """First names, or the heads or tails that last names are put together of."""
    with (Path(__file__).parent / "names.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["text"] for row in csv.DictReader(file) if row["part"] == part)


@cache
def identity(nth: int) -> Identity:
    """The nth person, always the same; names repeat only after several thousand."""
    firsts, heads, tails = _names("first"), _names("head"), _names("tail")
    first, rest = firsts[nth % len(firsts)], nth // len(firsts)
    last = heads[(rest + 7 * nth) % len(heads)] + tails[(rest // len(heads) + nth) % len(tails)]
    return Identity(
        name=f"{first} {last}",
        email=f"{first}.{last}.{nth}@{DOMAIN}".lower(),
        phone=f"07700 900{(nth * 37) % 1000:03d}",
        birth_date=_EARLIEST + timedelta(days=(nth * 577) % 15_900),
        home=homes()[(nth * 29) % len(homes())],
    )
