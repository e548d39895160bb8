"""People counted once, from the people sheets in force: section 6 of the counting rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from flows.demo.made.authority.authority import DISTRICTS, places
from flows.demo.made.authority.canaries import homes
from flows.demo.made.authority.periods import first_day, last_day
from flows.demo.made.delivery.claims import CLAIMED
from flows.demo.made.delivery.workers import Worker
from tests.oracle.truth.standing import Standing
from tests.oracle.truth.value.agreements import rounded
from tests.oracle.truth.value.counting import BASES, is_in
from tests.oracle.truth.value.delivered import is_matched, steps

LOCAL_JOBS, DISADVANTAGED = "M01", "M02"
Person = tuple[str, str]  # a sender and its own reference


@dataclass(frozen=True)
class Post:
    """A row of a people sheet that was kept, of a matched contract.

    `years` are the FTE years it stands for; `job_step` and `group_step` say how far it counts.
    """

    person: Person
    quarter: str
    contract: str
    start: date
    end: date | None
    years: Decimal
    is_local: bool | None
    group: str
    job_step: str
    group_step: str


@dataclass(frozen=True)
class Once:
    """Distinct people with a disadvantaged group, and where each of them counts."""

    people: int
    by_group: dict[str, int]
    by_contract: dict[str, int]


@cache
def with_people(standing: Standing) -> frozenset[tuple[str, str]]:
    """The senders and quarters of the returns that are counted by person."""
    return frozenset(
        one.slot for one in standing.returned if any(not w.fault for w in one.workers or ())
    )


@cache
def posts(standing: Standing) -> tuple[Post, ...]:
    """Every row of every people sheet that counts somewhere."""
    return tuple(
        _post(one.supplier_id, one.quarter, worker, scale, standing)
        for one in standing.returned
        for worker, scale in scaled(one.quarter, [w for w in one.workers or () if not w.fault])
        if is_matched(standing, one.supplier_id, worker.contract)
    )


def local_years(standing: Standing, basis: str, period: str) -> Decimal:
    """M01 by person: FTE years of local people in a period."""
    return sum(
        (
            post.years
            for post in posts(standing)
            if post.is_local and is_in(post.quarter, period) and post.job_step in BASES[basis]
        ),
        Decimal(0),
    )


def fte_years(worker: Worker, quarter: str, scale: Decimal = Decimal(1)) -> Decimal:
    """FTE x years of a worker in a quarter: days employed over the days of the financial year."""
    year = quarter.split(" ")[0]
    in_year = (last_day(year) - first_day(year)).days + 1
    return rounded(worker.fte * _days(worker, quarter) * scale / in_year)


def scaled(quarter: str, workers: list[Worker]) -> list[tuple[Worker, Decimal]]:
    """A return's rows, each with its scale: below 1 where a person holds more than one post."""
    taken: dict[str, Decimal] = {}
    for worker in workers:
        days = worker.fte * _days(worker, quarter)
        taken[worker.reference] = taken.get(worker.reference, Decimal(0)) + days
    whole = Decimal((last_day(quarter) - first_day(quarter)).days + 1)
    return [(w, whole / max(taken[w.reference], whole)) for w in workers]


def unknown_homes(standing: Standing, period: str) -> int:
    """People of whom neither a home nor a mark says whether they are local."""
    return len(
        {p.person for p in posts(standing) if p.is_local is None and is_in(p.quarter, period)}
    )


def disadvantaged(standing: Standing, basis: str, quarters: Iterable[str]) -> Once:
    """M02 by person: distinct people over some quarters, each in one group and contract."""
    wanted = set(quarters)
    found: dict[Person, Post] = {}
    held = (p for p in posts(standing) if p.quarter in wanted and p.group_step in BASES[basis])
    for post in sorted(held, key=lambda p: (p.quarter, p.start, p.contract)):
        if post.group and _in_first_year(post, _starts(standing)[post.person]):
            found.setdefault(post.person, post)
    return Once(
        len(found),
        _tally(post.group for post in found.values()),
        _tally(post.contract for post in found.values()),
    )


@cache
def _starts(standing: Standing) -> dict[Person, date]:
    """The earliest start on any row of a person."""
    found: dict[Person, date] = {}
    for one in standing.returned:
        for worker in one.workers or ():
            if worker.start and not worker.fault:
                person = one.supplier_id, worker.reference
                found[person] = min(worker.start, found.get(person, worker.start))
    return found


def _in_first_year(post: Post, began: date) -> bool:
    """Whether a day of the post in its quarter lies before the anniversary of the first start."""
    anniversary = began.replace(year=began.year + 1)
    first = max(post.start, first_day(post.quarter))
    ends = [last_day(post.quarter), anniversary - timedelta(days=1), post.end or date.max]
    return first <= min(ends)


def _post(sender: str, quarter: str, worker: Worker, scale: Decimal, standing: Standing) -> Post:
    start, step = worker.start or first_day(quarter), steps(standing)
    return Post(
        person=(sender, worker.reference),
        quarter=quarter,
        contract=worker.contract,
        start=start,
        end=worker.end,
        years=fte_years(worker, quarter, scale),
        is_local=_is_local(worker),
        group=worker.group,
        job_step=step.get((sender, quarter, worker.contract, LOCAL_JOBS), CLAIMED),
        group_step=step.get((sender, quarter, worker.contract, DISADVANTAGED), CLAIMED),
    )


def _is_local(worker: Worker) -> bool | None:
    """The home decides where its postcode is known, else the mark."""
    code = home_authority(worker)
    return worker.is_local if code is None else code in DISTRICTS


def home_authority(worker: Worker) -> str | None:
    """The code of the local authority of the home; None where its postcode is not known."""
    return _authorities().get(worker.home_postcode)


@cache
def _authorities() -> dict[str, str]:
    return {place.postcode: place.code for place in (*homes(), *places().values())}


def _days(worker: Worker, quarter: str) -> int:
    first = max(worker.start or first_day(quarter), first_day(quarter))
    last = min(worker.end or last_day(quarter), last_day(quarter))
    return max(0, (last - first).days + 1)


def _tally(words: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for word in words:
        counted[word] = counted.get(word, 0) + 1
    return dict(sorted(counted.items()))
