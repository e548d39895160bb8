"""What the commissioner's social-value indicators must be: C06, C07, C09, C10 and F05.

Section 7 of `docs/counting-rules.md`, in plain Decimal from the rows that were sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from flows.demo.made.authority.periods import HALVES, QUARTERS, YEARS, first_day, last_day
from flows.demo.made.contracts.contracts import KPI_THRESHOLD, THRESHOLD
from flows.demo.made.contracts.kpis import RATINGS, Rating
from flows.demo.made.delivery.supplier_returns import RETURN
from flows.demo.made.obligations import due, obligations
from tests.oracle.truth.standing import Standing
from tests.oracle.truth.value.agreements import (
    Agreement,
    contracts_standing,
    promises_are_known,
    promises_standing,
)
from tests.oracle.truth.value.counting import (
    BASES,
    Counted,
    is_in,
    standing_for,
    total,
    total_to_date,
)
from tests.oracle.truth.value.delivered import delivered_rows
from tests.oracle.truth.value.people import DISADVANTAGED, LOCAL_JOBS, local_years, with_people

PERIODS = (*QUARTERS, *HALVES, *YEARS)
SIZES = (  # above which value; the last that fits
    ("Up to 20,000", Decimal(-1)),
    ("20,000 to 100,000", Decimal(20_000)),
    ("100,000 to 1 million", Decimal(100_000)),
    ("1 million to 5 million", Decimal(1_000_000)),
    ("Over 5 million", Decimal(5_000_000)),
)
Amounts = dict[str, Decimal]  # by basis: claimed, evidenced, validated
# Spend of supply chains is no value, a pound may be in both, and none is added to another.
IN_POUNDS = {"M09": "local-spend", "M10": "vcse-spend", "M11": "in-kind"}
Which = Callable[[Agreement], bool]


def everything(_: Agreement) -> bool:
    """Every contract."""
    return True


def size_of(contract: Agreement) -> str:
    """How large a contract is, in the words of the registry."""
    if contract.value is None:
        return "Not known"
    return [name for name, above in SIZES if contract.value > above][-1]


@dataclass(frozen=True)
class Awarded:
    """C06: contracts above the threshold awarded in a period. `without_value` are beside it.

    `all` are those awarded, whatever they are worth; `known` those above the threshold of which it
    is known whether they carry a promise, and `reported_on` those of them since whose award any
    supplier has reported.
    """

    all: int
    known: int
    reported_on: int
    with_commitment: int
    with_evidence: int
    without_value: int


@dataclass(frozen=True)
class Delivery:
    """C07 of a measure and period, in its own unit.

    Of M01 the amounts hold both parts, by person and not de-duplicated; of M02 only the second.
    """

    committed: Decimal
    profiled_to_date: Decimal
    profiled_in_period: Decimal
    to_date: Amounts
    in_period: Amounts
    rejected_in_period: Decimal


@dataclass(frozen=True)
class Coverage:
    """C10: supplier returns of a period. Values are those of live contracts with commitments.

    `without_value` counts those contracts, in each quarter, that have none.
    """

    expected: int
    returned: int
    late: int
    missing: tuple[tuple[str, str], ...]
    value_expected: Decimal
    value_covered: Decimal
    without_value: int


@dataclass(frozen=True)
class Cost:
    """F05 of a contract, or of all of them: never netted. `extra_cost` None: nobody states one;
    a kind of pounds that no row speaks of is not in `delivered`.
    """

    value: Decimal
    delivered: Amounts
    extra_cost: Decimal | None


def awarded(standing: Standing, period: str, part: Which = everything) -> Awarded:
    """C06, of all contracts or of a part of them."""
    first, last = first_day(period), last_day(period)
    listed = [
        c for c in contracts_standing(standing).values() if first <= c.awarded <= last and part(c)
    ]
    above = [c for c in listed if c.value is not None and c.value > THRESHOLD]
    known = [c for c in above if promises_are_known(standing, c)]
    reported = max((last_day(one.slot[1]) for one in standing.returned), default=date.min)
    reported_on = [c for c in known if c.awarded <= reported]
    promising = {reference for reference, _ in promises_standing(standing)}
    evidenced = {
        row.series[1]
        for row in delivered_rows(standing)
        if row.counts_as in BASES["evidenced"] and row.figure > 0 and last_day(row.quarter) <= last
    }
    return Awarded(
        all=len(listed),
        known=len(known),
        reported_on=len(reported_on),
        with_commitment=sum(c.reference in promising for c in known),
        with_evidence=sum(c.reference in promising & evidenced for c in reported_on),
        without_value=sum(c.value is None for c in listed),
    )


def delivery(standing: Standing, measure: str, period: str) -> Delivery:
    """C07."""
    started = {c.reference for c in contracts_standing(standing).values() if c.has_started(period)}
    own = [
        p for (ref, m), p in promises_standing(standing).items() if m == measure and ref in started
    ]
    before = date.fromordinal(first_day(period).toordinal() - 1)
    due_now = sum((p.profiled(last_day(period)) for p in own), Decimal(0))
    due_before = sum((p.profiled(before) for p in own), Decimal(0))
    rows = counting_rows(standing, measure)
    return Delivery(
        committed=sum((p.quantity for p in own), Decimal(0)),
        profiled_to_date=due_now,
        profiled_in_period=due_now - due_before,
        to_date={
            b: total_to_date(rows, b, period) + _years_to(standing, measure, b, period)
            for b in BASES
        },
        in_period={b: total(rows, b, period) + _years(standing, measure, b, period) for b in BASES},
        rejected_in_period=sum(
            (r.figure for r in rows if r.counts_as == "rejected" and is_in(r.quarter, period)),
            Decimal(0),
        ),
    )


@cache
def counting_rows(standing: Standing, measure: str) -> list[Counted]:
    """The matched rows of a measure; of M01 and M02 without those that are counted by person."""
    people = with_people(standing) if measure in (LOCAL_JOBS, DISADVANTAGED) else frozenset()
    return [
        row
        for row in delivered_rows(standing)
        if row.measure_id == measure
        and row.counts_as
        and (row.series[0], row.quarter) not in people
    ]


def kpi_ratings(standing: Standing, period: str, part: Which = everything) -> dict[str, int]:
    """C09: how many indicators of large contracts have each rating in a period."""
    newest: dict[tuple[str, str, date], Rating] = {}
    for sent in standing.registers.values():
        newest |= {(r.reference, r.title, r.assessed_on): r for r in sent.ratings}
    latest: dict[tuple[str, str], Rating] = {}
    for rating in sorted(newest.values(), key=lambda r: r.assessed_on):
        contract = contracts_standing(standing)[rating.reference]
        in_it = first_day(period) <= rating.assessed_on <= last_day(period)
        if in_it and (contract.value or Decimal(0)) > KPI_THRESHOLD and part(contract):
            latest[rating.reference, rating.title] = rating
    words = [rating.counts_as for rating in latest.values()]
    return {word: words.count(word) for word in RATINGS}


def coverage(standing: Standing, period: str) -> Coverage:
    """C10, of a quarter or over a year's quarters."""
    owed = {
        (o.sender.removeprefix("s"), quarter)
        for o in obligations()
        if o.return_name == RETURN
        for quarter in o.periods()
        if is_in(quarter, period)
    }
    here = {one.slot for one in standing.returned} & owed
    promising = {ref for ref, _ in promises_standing(standing)}
    live = [
        (quarter, c)
        for quarter in QUARTERS
        if is_in(quarter, period)
        for c in contracts_standing(standing).values()
        if c.reference in promising and c.is_live(quarter)
    ]
    return Coverage(
        expected=len(owed),
        returned=len(here),
        late=len(here & late(standing)),
        missing=tuple(sorted(owed - here)),
        value_expected=_worth([c for _, c in live]),
        value_covered=_worth([c for q, c in live if (q, c.reference) in _named(standing)]),
        without_value=sum(c.value is None for _, c in live),
    )


@cache
def late(standing: Standing) -> frozenset[tuple[str, str]]:
    """The suppliers and quarters whose first sending came after the due day."""
    return frozenset(
        (sender.removeprefix("s"), quarter)
        for (name, sender, quarter, _), came in standing.first_came.items()
        if name == RETURN and (day := due(name, sender, quarter)) and came > day
    )


def cost(standing: Standing, period: str, reference: str = "") -> Cost:
    """F05 of one contract, or of all that have commitments and have started by the period's end."""
    promising = {ref for ref, _ in promises_standing(standing)}
    listed = [
        c
        for c in contracts_standing(standing).values()
        if c.reference in promising and c.has_started(period) and reference in ("", c.reference)
    ]
    keys = {c.reference for c in listed}
    rows = [r for r in delivered_rows(standing) if r.counts_as and r.series[1] in keys]
    costs = [r.extra_cost for r in rows if r.extra_cost is not None and is_in(r.quarter, period)]
    return Cost(
        value=sum((c.value for c in listed if c.value is not None), Decimal(0)),
        delivered={
            f"{kind}-{basis}": total(said, basis, period)
            for measure, kind in IN_POUNDS.items()
            for basis in BASES
            if standing_for(said := [r for r in rows if r.measure_id == measure], basis, period)
        },
        extra_cost=sum(costs, Decimal(0)) if costs else None,
    )


@cache
def _named(standing: Standing) -> frozenset[tuple[str, str]]:
    """The quarters and contracts of which their supplier's return speaks."""
    return frozenset((r.quarter, r.series[1]) for r in delivered_rows(standing) if r.counts_as)


def _worth(agreements: list[Agreement]) -> Decimal:
    return sum((c.value for c in agreements if c.value is not None), Decimal(0))


def _years(standing: Standing, measure: str, basis: str, period: str) -> Decimal:
    return local_years(standing, basis, period) if measure == LOCAL_JOBS else Decimal(0)


def _years_to(standing: Standing, measure: str, basis: str, period: str) -> Decimal:
    until = [q for q in QUARTERS if last_day(q) <= last_day(period)]
    return sum((_years(standing, measure, basis, quarter) for quarter in until), Decimal(0))
