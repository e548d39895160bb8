"""E04 to E10: the statutory gender pay gaps at 31 March, and those by ethnicity and disability.

Rules: SI 2017/353 schedule 1 and SI 2017/172 regulation 13. Hourly figures are of full-pay relevant
employees; bonus figures of relevant employees who were paid one. A gap is a percentage of the pay
of the group compared with (men, White, not disabled). Each employer reports for itself.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from flows.demo.made.authority.periods import HALVES, QUARTERS, YEARS
from flows.demo.made.workforce.staff_rows import Row
from tests.oracle.truth.figures import Figure, Key
from tests.oracle.truth.staff.headcount import share
from tests.oracle.truth.staff.people import UNDISCLOSED, Person, Returns, newest, parts_of, people

SECTIONS = ("lower", "lower-middle", "upper-middle", "upper")
SEXES = {"men": "male", "women": "female"}
REFERENCE = {"sex": "male", "ethnicity": "white", "disability": "not disabled"}
SMALLEST_GROUP = 10  # below it, a gap by ethnicity or disability has no value
Pay = Callable[[Person], Decimal | None]


def pay_figures(returns: Mapping[str, Sequence[Row]]) -> Iterator[tuple[Key, Figure]]:
    """E04 to E10 of the snapshots of 31 March, for the quarter, half and year that end on it."""
    by_quarter = people(returns)
    for period in (*QUARTERS, *HALVES, *YEARS):
        quarter = newest(period, by_quarter)
        if not quarter.endswith("Q4"):
            continue
        here = [p for p in by_quarter[quarter] if p.is_in_headcount]
        for employer, staff in parts_of(here, "employer").items():
            for indicator, basis, figure in _statutory(staff):
                yield Key(indicator, basis, period, "employer", employer), figure
            for basis, figure in _by_disclosure(staff):
                yield Key("E10", basis, period, "employer", employer), figure
            for basis, word, figure in _by_ethnic_group(staff):
                key = Key("E10", basis, period, "employer/ethnicity", f"{employer}/{word}")
                yield key, figure
        for basis, figure in _by_disclosure(here):
            yield Key("E10", basis, period), figure
        for basis, word, figure in _by_ethnic_group(here):
            yield Key("E10", basis, period, "ethnicity", word), figure


def hourly_pay(person: Person) -> Decimal | None:
    """The pay of a full-pay relevant employee; None of everybody else."""
    return person.row.hourly_pay if person.row.is_full_pay else None


def bonus_pay(person: Person) -> Decimal | None:
    """The bonus of a relevant employee who was paid one."""
    return person.row.bonus or None


def _statutory(staff: Sequence[Person]) -> Iterator[tuple[str, str, Figure]]:
    for indicator, basis, pay, typical in (
        ("E04", "mean", hourly_pay, mean),
        ("E05", "median", hourly_pay, median),
        ("E06", "mean", bonus_pay, mean),
        ("E07", "median", bonus_pay, median),
    ):
        women, men = (_pays(staff, pay, "sex", sex) for sex in ("female", "male"))
        if women and men:
            yield indicator, basis, Figure(typical(women), typical(men), "gap")
    for basis, sex in SEXES.items():
        group = [p for p in staff if p.words["sex"] == sex]
        yield "E08", basis, share(sum(bonus_pay(p) is not None for p in group), len(group))
    for section, counts in zip(SECTIONS, pay_quarters(staff), strict=True):
        for basis, sex in SEXES.items():
            yield "E09", f"{section}-{basis}", share(counts[sex], sum(counts.values()))


def pay_quarters(staff: Sequence[Person]) -> list[dict[str, Decimal]]:
    """Men and women in each of four sections, ranked by pay from the lowest.

    The sections are as equal as they can be: of one person over, the lowest has one more; of two,
    the lowest and the third; of three, all but the highest. People on the same pay on both sides of
    a boundary are split so that men and women stand there in the same proportion.
    """
    ranked = [
        (pay, p.words["sex"])
        for p in staff
        if (pay := hourly_pay(p)) is not None and p.words["sex"] in SEXES.values()
    ]
    ends = [-(-len(ranked) * nth // 4) for nth in range(1, 5)]  # rounded up
    sections = [dict.fromkeys(SEXES.values(), Decimal(0)) for _ in SECTIONS]
    placed = 0
    for rate in sorted({pay for pay, _ in ranked}):
        alike = [sex for pay, sex in ranked if pay == rate]
        begins, stops = placed, placed + len(alike)
        for section, first, last in zip(sections, [0, *ends], ends, strict=False):
            here = min(stops, last) - max(begins, first)
            if here > 0:
                for sex in section:
                    section[sex] += Decimal(here * alike.count(sex)) / len(alike)
        placed = stops
    return sections


def _by_disclosure(staff: Sequence[Person]) -> Iterator[tuple[str, Figure]]:
    """The gaps of all other known groups together, and who does not disclose it."""
    paid = [p for p in staff if hourly_pay(p) is not None]
    for column in ("ethnicity", "disability"):
        compared = [
            pay
            for p in paid
            if p.words[column] not in (REFERENCE[column], UNDISCLOSED) and (pay := hourly_pay(p))
        ]
        yield from _gaps(column, compared, _pays(paid, hourly_pay, column, REFERENCE[column]))
        silent = sum(p.words[column] == UNDISCLOSED for p in paid)
        yield f"{column}-undisclosed", share(silent, len(paid))


def _by_ethnic_group(staff: Sequence[Person]) -> Iterator[tuple[str, str, Figure]]:
    white = _pays(staff, hourly_pay, "ethnicity", "white")
    for word in ("asian", "black", "mixed", "other"):
        for basis, figure in _gaps("ethnicity", _pays(staff, hourly_pay, "ethnicity", word), white):
            yield basis, word, figure


def _gaps(
    column: str, compared: Sequence[Decimal], reference: Sequence[Decimal]
) -> Iterator[tuple[str, Figure]]:
    """Mean and median gap, of groups that are large enough; small ones have no figure."""
    if min(len(compared), len(reference)) < SMALLEST_GROUP:
        return
    yield f"{column}-mean", Figure(mean(compared), mean(reference), "gap")
    yield f"{column}-median", Figure(median(compared), median(reference), "gap")


def _pays(staff: Sequence[Person], pay: Pay, column: str, word: str) -> list[Decimal]:
    found = (pay(p) for p in staff if p.words[column] == word)
    return [amount for amount in found if amount is not None]


def mean(amounts: Sequence[Decimal]) -> Decimal:
    """The arithmetic mean."""
    return sum(amounts, Decimal(0)) / len(amounts)


def median(amounts: Sequence[Decimal]) -> Decimal:
    """The one in the middle, or the mean of the two there."""
    ranked = sorted(amounts)
    half = len(ranked) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def paid_groups(
    returns: Returns, quarter: str, employer: str = ""
) -> Iterator[tuple[str, str, int]]:
    """Of ethnicity and disability the groups compared at an employer (or at all), and their size.

    Those who are paid by the hour at the snapshot of 31 March; a group of nobody is left out.
    """
    here = people({quarter: returns.get(quarter, ())})[quarter] if quarter.endswith("Q4") else []
    paid = [p for p in here if p.is_in_headcount and hourly_pay(p) is not None]
    if employer:
        paid = [p for p in paid if p.words["employer"] == employer]
    for column in ("ethnicity", "disability"):
        found = Counter(p.words[column] for p in paid)
        yield from (
            (column, word, size)
            for word, size in sorted(found.items())
            if word not in (REFERENCE[column], UNDISCLOSED) and found[REFERENCE[column]]
        )
