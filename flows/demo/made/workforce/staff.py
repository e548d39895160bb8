"""The made-up workforce: who works for which employer, from when to when, on what grade."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from flows.demo.made.authority.authority import Place, places, suppliers
from flows.demo.made.authority.canaries import Identity, identity
from flows.demo.made.authority.periods import QUARTERS, first_day, last_day
from flows.demo.made.workforce.pay import APPRENTICE, CHIEF

LCRCA, MERSEYTRAVEL = "lcrca", "merseytravel"
SIZE = {LCRCA: 222, MERSEYTRAVEL: 726}
PREFIX = {LCRCA: "LC", MERSEYTRAVEL: "MT"}
WOMEN = {LCRCA: 57, MERSEYTRAVEL: 41}  # in a hundred
FIRST_IDENTITY = 12_000  # those before belong to suppliers' people, officers and clerks
DIRECTORATES = {
    LCRCA: (
        "Corporate Services",
        "Skills and Employment",
        "Investment and Delivery",
        "Policy and Strategy",
    ),
    MERSEYTRAVEL: ("Integrated Transport", "Integrated Transport", "Corporate Services"),
}
# How many in a hundred are on grades 1, 2, 3, ...; who is on none of them is on grade 6.
GRADES = {
    (LCRCA, "female"): (4, 10, 12, 14, 14, 0, 14, 9, 6, 4),
    (LCRCA, "male"): (2, 5, 7, 8, 9, 0, 15, 14, 12, 9, 5, 3),
    (MERSEYTRAVEL, "female"): (8, 16, 18, 16, 13, 0, 8, 5, 3),
    (MERSEYTRAVEL, "male"): (4, 9, 14, 18, 17, 0, 12, 7, 4, 3, 1),
}
ETHNICITIES = (("asian", 4), ("black", 4), ("mixed", 3), ("other", 1), ("undisclosed", 6))
DISABILITIES = (("disabled", 7), ("undisclosed", 12))
CONTRACTS = (("fixed term", 8), ("temporary", 3))
FTES = (("0.8", 8), ("0.6", 8), ("0.5", 6))
NEW_HOMES = 24  # the last of the postcodes are lived at only from April 2022 on


@dataclass(frozen=True)
class Employee:
    """An employee of one employer, as the payroll truly knows him or her. Nobody of them exists."""

    employer: str
    number: str
    who: Identity
    birth: date | None
    home: Place | None
    sex: str
    ethnicity: str
    disability: str
    directorate: str
    grade: str
    point: int
    contract_type: str
    fte: str
    start: date
    leave: date | None = None
    apprentice_from: date | None = None
    apprentice_to: date | None = None
    reduced_pay: tuple[str, ...] = ()
    bonus: int = 0

    def is_employed(self, on: date) -> bool:
        """Whether employed on a day; the last day counts."""
        return self.start <= on and (self.leave is None or self.leave >= on)

    def is_apprentice(self, on: date) -> bool:
        """Whether an apprentice on a day."""
        began, ends = self.apprentice_from, self.apprentice_to
        return began is not None and began <= on and (ends is None or on <= ends)


@cache
def staff(seed: int) -> tuple[Employee, ...]:
    """Everybody who is employed for at least a day of the two years, by employer and number."""
    found: list[Employee] = []
    for employer in SIZE:
        rng = random.Random(f"{seed}/staff/{employer}")  # noqa: S311 - it must be repeatable
        found += _of_employer(rng, employer, len(found))
    return (*_with_edges(found), _for_both(found))


def _of_employer(rng: random.Random, employer: str, before: int) -> Iterator[Employee]:
    """Those who are there at first, and those who join quarter by quarter as others leave."""
    at_first = first_day(QUARTERS[0])
    here = [
        _employee(rng, employer, before + nth, at_first - timedelta(days=rng.randrange(30, 9000)))
        for nth in range(SIZE[employer])
    ]
    gone: list[Employee] = []
    for quarter in QUARTERS:
        leaving = max(2, len(here) * rng.randrange(15, 35) // 1000)
        for one in rng.sample([e for e in here if not e.apprentice_from], leaving):
            here.remove(one)
            gone.append(replace(one, leave=_day(rng, quarter)))
        for _ in range(leaving + rng.randrange(-1, 4)):
            nth = before + len(here) + len(gone)
            here.append(_employee(rng, employer, nth, _day(rng, quarter)))
        here = _apprentices(rng, here, quarter)
    yield from sorted([*here, *gone], key=lambda e: e.number)


def _employee(rng: random.Random, employer: str, nth: int, start: date) -> Employee:
    who = identity(FIRST_IDENTITY + nth)
    sex = "female" if rng.randrange(100) < WOMEN[employer] else "male"
    grade = f"Grade {_pick(rng, tuple(enumerate(GRADES[employer, sex], 1)), 6)}"
    birth = min(_birthday(rng, rng.randrange(20, 64)), start - timedelta(days=6_600))
    return Employee(
        employer=employer,
        number=f"{PREFIX[employer]}{40_000 + 7 * nth:05d}",
        who=who,
        birth=None if rng.randrange(150) == 0 else birth,
        home=_home(rng, start),
        sex="undisclosed" if rng.randrange(200) == 0 else sex,
        ethnicity=str(_pick(rng, ETHNICITIES, "white")),
        disability=str(_pick(rng, DISABILITIES, "not disabled")),
        directorate=rng.choice(DIRECTORATES[employer]),
        grade=CHIEF if nth % 97 == 5 else grade,
        point=rng.randrange(3),
        contract_type=str(_pick(rng, CONTRACTS, "permanent")),
        fte=str(_pick(rng, FTES, "1")),
        start=start,
        reduced_pay=_reduced(rng),
        bonus=_bonus(rng, employer, sex),
    )


def _apprentices(rng: random.Random, here: list[Employee], quarter: str) -> list[Employee]:
    """Some who are there start an apprenticeship, most of them young and new; after a year and a
    half it is over. The young get an apprentice's pay, those who were there before keep theirs.
    """
    found = list(here)
    for _ in range(rng.randrange(1, 4) if len(here) > 400 else rng.randrange(0, 2)):
        nth = rng.randrange(len(found))
        one = found[nth]
        began = max(one.start, _day(rng, quarter))
        if one.apprentice_from or began > last_day(quarter) or one.grade == CHIEF:
            continue
        is_new = one.start >= first_day(quarter) or rng.randrange(2) == 0
        found[nth] = replace(
            one,
            apprentice_from=began,
            apprentice_to=began + timedelta(days=540),
            grade=APPRENTICE if is_new else one.grade,
            birth=_birthday(rng, rng.randrange(17, 24)) if is_new else one.birth,
            fte="1",
        )
    return found


def _with_edges(found: list[Employee]) -> Iterator[Employee]:
    """Plants what must stand exactly on an edge."""
    june = date(2022, 6, 1)
    young: dict[str, object] = {
        "start": june,
        "apprentice_from": june,
        "leave": None,
        "grade": APPRENTICE,
    }
    edges: dict[int, dict[str, object]] = {
        10: {"leave": date(2022, 3, 31)},  # the last day is the snapshot: still counted
        11: {"leave": date(2022, 3, 30)},  # a day before it: not counted
        12: {"start": date(2021, 6, 30)},  # the first day is the snapshot: counted
        13: young | {"leave": None, "birth": date(2004, 6, 28)},  # 18 on the pay date of June 2022
        14: young | {"leave": None, "birth": date(2004, 6, 29)},  # a day too young for it
    }
    for nth, employee in enumerate(found):
        yield replace(employee, **edges[nth]) if nth in edges else employee  # type: ignore[arg-type]


def _for_both(found: list[Employee]) -> Employee:
    """One who works half for each employer, under the same number: counted with each."""
    first = next(e for e in found if e.employer == LCRCA and e.grade == "Grade 8" and not e.leave)
    return replace(first, employer=MERSEYTRAVEL, directorate="Integrated Transport", fte="0.5")


def _birthday(rng: random.Random, years: int) -> date:
    """A day on which somebody was born who is so many years old in spring 2021 or a little less."""
    return date(2021 - years, 1, 1) + timedelta(days=rng.randrange(365))


def _reduced(rng: random.Random) -> tuple[str, ...]:
    """The quarters at whose end the employee is on reduced or nil pay, through leave."""
    if rng.randrange(14):
        return ()
    first = rng.randrange(len(QUARTERS))
    return QUARTERS[first : first + rng.randrange(1, 4)]


def _bonus(rng: random.Random, employer: str, sex: str) -> int:
    """Pounds a year: a few, men of the transport employer more often and more."""
    if rng.randrange(100) >= (9 if employer == MERSEYTRAVEL else 5):
        return 0
    return rng.choice((250, 250, 400, 500, 750) if sex == "female" else (250, 400, 500, 500, 1200))


@cache
def _homes() -> tuple[Place, ...]:
    at_work = {s.postcode for s in suppliers()} | {s.moved_to for s in suppliers()}
    return tuple(place for place in places().values() if place.postcode not in at_work)


def _home(rng: random.Random, start: date) -> Place | None:
    if rng.randrange(60) == 0:
        return None
    is_new = start >= first_day("2022-23")
    homes = _homes() if is_new else _homes()[:-NEW_HOMES]
    return rng.choice(homes)


def _day(rng: random.Random, quarter: str) -> date:
    days = (last_day(quarter) - first_day(quarter)).days
    return first_day(quarter) + timedelta(days=rng.randrange(days + 1))


def _pick(rng: random.Random, shares: tuple[tuple[object, int], ...], else_: object) -> object:
    """One of the words, each so often in a hundred; the last where none of them is drawn."""
    dice = rng.randrange(100)
    for word, share in shares:
        if dice < share:
            return word
        dice -= share
    return else_
