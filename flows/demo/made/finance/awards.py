"""The investments that the made-up authority makes: who gets how much, and what it brings in."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from flows.demo.made.authority.authority import Place, places
from flows.demo.made.authority.equality import equality_of
from flows.demo.made.authority.periods import QUARTERS, first_day, last_day

PROGRAMMES = (
    "Strategic Investment Fund",
    "Flexible Growth Fund",
    "Green Future Fund",
    "Community Ventures Fund",
)
RECIPIENTS = (
    ("Bootlestone Makers", "99107001", ""),
    ("Seacombe Tidal Research", "99107018", ""),
    ("Garston Yard Studios", "99107025", ""),
    ("Huyton Handlooms", "99107032", ""),
    ("Parr Flash Boatyard", "99107049", ""),
    ("Runcorn Bridge Bakery", "99107056", ""),
    ("Speke Lantern Works", "99107063", ""),
    ("Formby Dune Energy", "99107070", ""),
    ("Kirkby Community Kitchens", "", "9910101"),
    ("Toxteth Repair Library", "", "9910102"),
    ("Widnes Waterway Trust", "", "9910103"),
    ("Birkenhead Skills Exchange", "", "9910104"),
    ("Newton Vulcan Works", "99107087", ""),
    ("Prescot Clockmakers", "99107094", ""),
    ("Ormskirk Growers", "99107100", ""),
    ("Crosby Coast Arts", "", "9910105"),
)
PURPOSES = ("New workshop", "Retrofit of premises", "Apprentice places", "Plant", "Working capital")


@dataclass(frozen=True)
class Award:
    """An award. `leveraged` and the jobs are None where nobody says; so is the place."""

    reference: str
    day: date
    programme: str
    recipient: str
    company_number: str
    charity_number: str
    place: Place | None
    amount: Decimal
    leveraged: Decimal | None
    created: Decimal | None
    safeguarded: Decimal | None
    purpose: str

    @property
    def equality(self) -> str:
        """What is said of an equality impact assessment: the grants team asks for it."""
        return equality_of(self.reference)


@cache
def awards(quarter: str, seed: int) -> tuple[Award, ...]:
    """The awards of a quarter, by day, as they truly are."""
    rng = random.Random(f"{seed}/awards/{quarter}")  # noqa: S311 - it must be repeatable
    found = sorted((_award(rng, quarter) for _ in range(rng.randrange(9, 15))), key=_day_of)
    base = 40 * QUARTERS.index(quarter)
    return tuple(replace(a, reference=f"INV-{base + n + 1:04d}") for n, a in enumerate(found))


def _award(rng: random.Random, quarter: str) -> Award:
    first, last = first_day(quarter), last_day(quarter)
    name, company_number, charity_number = rng.choice(RECIPIENTS)
    amount = Decimal(rng.choice((2, 3, 5, 8, 12, 20, 45, 110))) * rng.randrange(6_000, 13_000)
    leveraged = amount * rng.randrange(0, 400) / 100
    return Award(
        reference="",
        day=first + timedelta(days=rng.randrange((last - first).days + 1)),
        programme=rng.choice(PROGRAMMES),
        recipient=name,
        company_number=company_number,
        charity_number=charity_number,
        place=rng.choice([*places().values()][:64]) if rng.randrange(12) else None,
        amount=amount.quantize(Decimal("0.01")),
        leveraged=leveraged.quantize(Decimal("0.01")) if rng.randrange(8) else None,
        created=_jobs(rng, 25),
        safeguarded=_jobs(rng, 40),
        purpose=rng.choice(PURPOSES),
    )


def _jobs(rng: random.Random, most: int) -> Decimal | None:
    """Full-time equivalents by halves and quarters; now and then nobody says."""
    return Decimal(rng.randrange(0, 4 * most)) / 4 if rng.randrange(9) else None


def _day_of(award: Award) -> date:
    return award.day
