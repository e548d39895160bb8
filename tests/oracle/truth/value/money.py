"""What additionality and values in money must come to: C08, F02 and F03.

Sections 7 and 8 of `docs/counting-rules.md`: validated figures, row by row, of suppliers and
directorates alike; people counted once stand for themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from flows.demo.made.authority.periods import QUARTERS, last_day
from flows.demo.made.contracts.measures import MEASURES
from flows.demo.made.delivery.claims import VALIDATED
from tests.oracle.truth.figures import Figure, Key
from tests.oracle.truth.standing import Standing
from tests.oracle.truth.value.agreements import contracts_standing, promises_standing, rounded
from tests.oracle.truth.value.assumptions import ESTIMATES, PROXIES, additional_share, to_the_penny
from tests.oracle.truth.value.commissioner import PERIODS, counting_rows
from tests.oracle.truth.value.counting import Counted, is_in, standing_for
from tests.oracle.truth.value.people import DISADVANTAGED, LOCAL_JOBS, disadvantaged, posts
from tests.oracle.truth.value.services import done_rows

KINDS = ("fiscal", "carbon", "in kind")


@dataclass(frozen=True)
class Part:
    """What a row, a person's post or a person adds to a measure; `contract` '' of directorates."""

    measure_id: str
    quarter: str
    contract: str
    figure: Decimal


def money_figures(standing: Standing) -> Iterator[tuple[Key, Figure]]:
    """C08, F02 by measure, and F03, by quarter, half and year."""
    for period in PERIODS:
        for measure in MEASURES:
            yield from _net(standing, measure, period)
        for kind in KINDS:
            yield from _worth(standing, kind, period)
            yield _for_each_pound(standing, kind, period)


def _net(standing: Standing, measure: str, period: str) -> Iterator[tuple[Key, Figure]]:
    parts = _parts(standing, measure, period)
    gross = sum((part.figure for part in parts), Decimal(0))
    yield _of(Key("F02", "gross", period, "measure", measure), gross)
    for estimate in ESTIMATES:
        share = additional_share(measure, estimate)
        if share is not None:
            net = sum((rounded(part.figure * share) for part in parts), Decimal(0))
            yield _of(Key("F02", f"net-{estimate}", period, "measure", measure), net)


def _worth(standing: Standing, kind: str, period: str) -> Iterator[tuple[Key, Figure]]:
    word = kind.replace(" ", "-")
    for estimate in ESTIMATES:
        valued = [
            _value(part, kind, estimate)
            for quarter in QUARTERS
            if is_in(quarter, period)
            for part in _valued(standing, quarter)
        ]
        known = [value for value in valued if value is not None]
        if known or _may_be_worth(standing, kind, estimate, period):
            yield _of(Key("F03", f"{word}-{estimate}", period), sum(known, Decimal(0)))


def _may_be_worth(standing: Standing, kind: str, estimate: str, period: str) -> bool:
    """Whether a row of the period would be worth something, were it validated."""
    proxies = [p for p in PROXIES if p.kind == kind and p.measure_id != DISADVANTAGED]
    own = {p.measure_id for p in proxies if p.unit_value(estimate) is not None}
    suppliers = (row for measure in own for row in counting_rows(standing, measure))
    done = (row for row in done_rows(standing) if row.measure_id in own)
    return any(is_in(row.quarter, period) for row in (*suppliers, *done))


def _for_each_pound(standing: Standing, kind: str, period: str) -> tuple[Key, Figure]:
    promising = {reference for reference, _ in promises_standing(standing)}
    started = {
        c.reference: c.value or Decimal(0)
        for c in contracts_standing(standing).values()
        if c.reference in promising and c.has_started(period)
    }
    worth = [
        _value(part, kind, "central") or Decimal(0)
        for quarter in QUARTERS
        if last_day(quarter) <= last_day(period)
        for part in _valued(standing, quarter)
        if part.contract in started
    ]
    values = sum(started.values(), Decimal(0))
    key = Key("C08", kind.replace(" ", "-"), period)
    return key, Figure(sum(worth, Decimal(0)), values, "mean")


def _value(part: Part, kind: str, estimate: str) -> Decimal | None:
    """What a part is worth, each proxy to the penny; None where there is no such value."""
    day = last_day(part.quarter)
    proxies = [p for p in PROXIES if p.measure_id == part.measure_id and p.kind == kind]
    units = [p.unit_value(estimate) for p in proxies if p.holds_on(day)]
    found = [to_the_penny(part.figure * unit) for unit in units if unit is not None]
    return sum(found, Decimal(0)) if found else None


@cache
def _valued(standing: Standing, quarter: str) -> tuple[Part, ...]:
    """The parts of a quarter of every measure that has a proxy."""
    measures = dict.fromkeys(proxy.measure_id for proxy in PROXIES)
    return tuple(part for measure in measures for part in _parts(standing, measure, quarter))


def _parts(standing: Standing, measure: str, period: str) -> list[Part]:
    """What validated figures of a period are made of; of M02 its distinct people alone."""
    if measure == DISADVANTAGED:
        quarters = [quarter for quarter in QUARTERS if is_in(quarter, period)]
        people = disadvantaged(standing, VALIDATED, quarters).by_contract
        last = quarters[-1]
        return [
            Part(measure, last, contract, Decimal(1))
            for contract, count in people.items()
            for _ in range(count)
        ]
    suppliers = standing_for(counting_rows(standing, measure), VALIDATED, period)
    done = [row for row in done_rows(standing) if row.measure_id == measure]
    parts = [_part(row, row.series[1]) for row in suppliers]
    parts += [_part(row, "") for row in standing_for(done, VALIDATED, period)]
    if measure == LOCAL_JOBS:
        parts += [
            Part(measure, post.quarter, post.contract, post.years)
            for post in posts(standing)
            if post.is_local and post.job_step == VALIDATED and is_in(post.quarter, period)
        ]
    return parts


def _part(row: Counted, contract: str) -> Part:
    return Part(row.measure_id, row.quarter, contract, row.figure)


def _of(key: Key, amount: Decimal) -> tuple[Key, Figure]:
    return key, Figure(amount, None, "sum")
