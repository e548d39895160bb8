"""E01 to E03, E11 and E12: who the workforce is, where it lives, apprentices, the living wage.

The headcount is those who had started by the snapshot and had not left before it. The snapshot of
the newest quarter stands for a half and a year; apprenticeships started add up.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from flows.demo.made.authority.authority import DISTRICTS
from flows.demo.made.authority.periods import HALVES, QUARTERS, YEARS, first_day, last_day
from flows.demo.made.workforce.pay import living_wage
from tests.oracle.truth.figures import Figure, Key
from tests.oracle.truth.staff.people import Person, Returns, newest, parts_of, people, quarters_of

MOST_DEPRIVED = (1, 2)


def staff_figures(returns: Returns) -> Iterator[tuple[Key, Figure]]:
    """E01, E02, E03, E11 and E12 by quarter, half and year, whole and in their parts."""
    by_quarter = people(returns)
    for period in (*QUARTERS, *HALVES, *YEARS):
        if quarter := newest(period, by_quarter):
            here = [p for p in by_quarter[quarter] if p.is_in_headcount]
            yield from _profile(period, here)
            yield from _homes(period, here)
            yield from _living_wage(period, here)
            yield from _apprentices(period, by_quarter)


def share(above: int | Decimal, below: int | Decimal) -> Figure:
    """A per cent figure."""
    return Figure(Decimal(above), Decimal(below), "per cent")


def _profile(period: str, here: Sequence[Person]) -> Iterator[tuple[Key, Figure]]:
    characteristics = ("sex", "ethnicity", "disability", "age_band", "grade")
    single = [(column,) for column in ("employer", "directorate", *characteristics)]
    double = [("employer", column) for column in characteristics]
    employers = Counter(p.words["employer"] for p in here)
    for columns in ((), *single, *double):
        breakdown = "/".join(columns)
        groups = parts_of(here, *columns) if columns else {"": list(here)}
        for word, group in groups.items():
            whole = employers[word.split("/")[0]] if len(columns) == 2 else len(here)
            fte = sum((p.row.fte for p in group), Decimal(0))
            for basis, figure in (
                ("headcount", Figure(Decimal(len(group)), None, "count")),
                ("fte", Figure(fte, None, "sum")),
                ("profile", share(len(group), whole)),
            ):
                yield Key("E01", basis, period, breakdown, word), figure


def _homes(period: str, here: Sequence[Person]) -> Iterator[tuple[Key, Figure]]:
    for columns in ((), ("employer",), ("directorate",)):
        breakdown = "/".join(columns)
        for word, group in (parts_of(here, *columns) if columns else {"": list(here)}).items():
            known = [p for p in group if p.is_home_known]
            local = [p for p in known if p.district]
            ranked = [p for p in group if p.decile is not None]
            deprived = [p for p in ranked if p.decile in MOST_DEPRIVED]
            for indicator, basis, above, below in (
                ("E02", "known", len(local), len(known)),
                ("E02", "not known", len(group) - len(known), len(group)),
                ("E03", "known", len(deprived), len(ranked)),
                ("E03", "not known", len(group) - len(ranked), len(group)),
            ):
                yield Key(indicator, basis, period, breakdown, word), share(above, below)
    yield from _districts(period, here)


def _districts(period: str, here: Sequence[Person]) -> Iterator[tuple[Key, Figure]]:
    """E02: a district's share of all whose home is known. E03: of those who live there."""
    known = [p for p in here if p.is_home_known]
    employers = Counter(p.words["employer"] for p in known)
    for name in DISTRICTS.values():
        living = [p for p in known if p.district == name]
        yield Key("E02", "known", period, "district", name), share(len(living), len(known))
        for employer, whole in employers.items():
            employed = sum(p.words["employer"] == employer for p in living)
            key = Key("E02", "known", period, "employer/district", f"{employer}/{name}")
            yield key, share(employed, whole)
        ranked = [p for p in living if p.decile is not None]
        deprived = [p for p in ranked if p.decile in MOST_DEPRIVED]
        yield Key("E03", "known", period, "district", name), share(len(deprived), len(ranked))


def _living_wage(period: str, here: Sequence[Person]) -> Iterator[tuple[Key, Figure]]:
    """E12. Who is known to be under 18 is in neither figure."""
    for columns in ((), ("employer",), ("directorate",), ("sex",)):
        breakdown = "/".join(columns)
        for word, group in (parts_of(here, *columns) if columns else {"": list(here)}).items():
            asked = [p for p in group if p.is_adult is not False]
            known = [p for p in asked if p.is_adult and p.row.hourly_pay is not None]
            for basis, of in (
                ("known", known),
                ("accreditation", [p for p in known if _is_covered(p)]),
                ("not covered", [p for p in known if not _is_covered(p)]),
            ):
                if not of and basis != "known":
                    continue  # nobody is in the figure: there is none
                paid = [p for p in of if (p.row.hourly_pay or 0) >= living_wage(p.row.pay_date)]
                yield Key("E12", basis, period, breakdown, word), share(len(paid), len(of))
            left = len(asked) - len(known)
            yield Key("E12", "not known", period, breakdown, word), share(left, len(asked))


def _is_covered(person: Person) -> bool:
    """Whether accreditation asks the living wage of a person: no apprentice, on full pay."""
    return person.row.is_full_pay and not person.row.is_apprentice


def _apprentices(
    period: str, by_quarter: Mapping[str, list[Person]]
) -> Iterator[tuple[Key, Figure]]:
    """E11. D/H: starts over the headcount at the last snapshot before the period; D/B: over those
    who joined in it; C/A: apprentices over the headcount, both at the snapshot.
    """
    inside = [q for q in quarters_of(period) if q in by_quarter]
    everyone = [p for q in inside for p in by_quarter[q]]
    before = _quarter_before(period)
    earlier = [p for p in by_quarter.get(before, []) if p.is_in_headcount]
    here = [p for p in by_quarter[inside[-1]] if p.is_in_headcount]
    for columns in ((), ("employer",), ("directorate",)):
        breakdown = "/".join(columns)
        words = parts_of([*everyone, *earlier], *columns) if columns else {"": []}
        for word in words:
            is_part = _in_part(columns, word)
            starts = sum(_starts(p) for p in filter(is_part, everyone))
            joined = sum(_joins(p) for p in filter(is_part, everyone))
            heads = len(list(filter(is_part, earlier)))
            current = list(filter(is_part, here))
            apprentices = sum(p.row.is_apprentice for p in current)
            for basis, above, below in (
                ("starts-of-headcount-before", starts, heads),
                ("starts-of-new-employees", starts, joined),
                ("apprentices-of-headcount", apprentices, len(current)),
            ):
                yield Key("E11", basis, period, breakdown, word), share(above, below)


def _in_part(columns: tuple[str, ...], word: str) -> Callable[[Person], bool]:
    return lambda person: not columns or person.words[columns[0]] == word


def _starts(person: Person) -> bool:
    """Whether an apprenticeship began in the return's quarter, as far as the return says so."""
    began = person.row.employee.apprentice_from
    if began is None or not person.row.is_apprentice:
        return False
    return first_day(person.quarter) <= began <= last_day(person.quarter)


def _joins(person: Person) -> bool:
    return first_day(person.quarter) <= person.row.employee.start <= last_day(person.quarter)


def _quarter_before(period: str) -> str:
    nth = QUARTERS.index(quarters_of(period)[0])
    return QUARTERS[nth - 1] if nth else ""
