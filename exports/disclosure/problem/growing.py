"""How counts of people hang together over time: who stays, who comes, who is counted again."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise

from exports.definitions.disclosure import Disclosure
from exports.disclosure.figures import FigureKey, Move, Sum
from exports.disclosure.problem.builder import CLOSE, Builder
from flows.common.periods import Kind, Period, PeriodError, period_of, quarters_of, read_period

_PERIOD = 1  # its place in a key


def add_time(builder: Builder, rules: Iterable[Disclosure]) -> None:
    """What leads from period to period: people who stay (stocks), parts of a longer one (flows)."""
    over_time: dict[str, set[str]] = {}
    for rule in rules:
        over_time.setdefault(rule.population, set()).add(rule.over_time)
        _add_growth(builder, rule)
        _add_openings(builder, rule)
    series: dict[FigureKey, dict[Period, FigureKey]] = {}
    for key in builder.figures:
        if period := _period_of(key):
            series.setdefault((key[0], *key[_PERIOD + 1 :]), {})[period] = key
    for name, periods in series.items():
        kinds = over_time.get(name[0], set())
        if "stock" in kinds:
            _add_moves(builder, periods)
        if "flow" in kinds:
            _add_longer(builder, periods)


def _period_of(key: FigureKey) -> Period | None:
    try:
        return read_period(key[_PERIOD])
    except PeriodError:
        return None


def _add_moves(builder: Builder, periods: Mapping[Period, FigureKey]) -> None:
    ordered = sorted(periods, key=lambda period: (period.kind, period.end))
    for before, after in pairwise(ordered):
        if before.kind != after.kind:
            continue
        first, then = periods[before], periods[after]
        was, now = builder.figures[first].value, builder.figures[then].value
        is_known = abs(now - was) <= builder.thresholds.known_movement + CLOSE
        # Into view or out of it: the one count is below the threshold, and the other is shown.
        if is_known and 0 < min(was, now) < builder.thresholds.threshold <= max(was, now):
            builder.moves.append(Move(first, then, now - was))


def _add_longer(builder: Builder, periods: Mapping[Period, FigureKey]) -> None:
    """A half or year is the sum of its quarters, or less where people are in more than one."""
    for longer, total in periods.items():
        within = quarters_of(longer) if longer.kind in ("half", "year") else []
        if not within or not all(one in periods for one in within):
            continue
        parts = tuple(periods[one] for one in within)
        together = sum(builder.figures[part].value for part in parts)
        value = builder.figures[total].value
        if abs(value - together) < CLOSE:
            builder.sums[Sum(total, parts)] = None
        elif value < together:
            pool = ("together", *total)
            builder.derived(pool, together, parts)
            builder.sums[Sum(pool, parts)] = None
            builder.lacks(pool, total)
            for part in parts:
                builder.lacks(total, part)


def _add_growth(builder: Builder, rule: Disclosure) -> None:
    """A count to date is the one before, and those of the period who were not in it yet."""
    at = _place_of_measure(rule)
    for growth in rule.grows:
        for key in list(builder.figures):
            if key[0] != rule.population or key[at] != growth.in_period:
                continue
            period = _period_of(key)
            if period is None or not (quarters := quarters_of(period)):
                continue
            to_date = (*key[:at], growth.to_date, *key[at + 1 :])
            earlier = _before(period, "quarter")
            _add_step(builder, key, _in(to_date, quarters[-1]), _in(to_date, earlier))


def _add_openings(builder: Builder, rule: Disclosure) -> None:
    """What is counted at a period's opening is what was counted at the end of the one before."""
    at = _place_of_measure(rule)
    for key in list(builder.figures):
        if key[0] != rule.population or key[at] not in rule.openings:
            continue
        period = _period_of(key)
        if period is None:
            continue
        closing = (*key[:at], rule.openings[key[at]], *key[at + 1 :])
        then = _in(closing, _before(period, period.kind))
        # A return that came in between may have changed the one and not the other.
        if then in builder.figures and builder.figures[then].value == builder.figures[key].value:
            builder.sums[Sum(key, (then,))] = None


def _place_of_measure(rule: Disclosure) -> int:
    return _PERIOD + 1 + len(rule.within)


def _before(period: Period, kind: Kind) -> Period:
    return period_of(period.first_day - timedelta(days=1), kind)


def _in(key: FigureKey, period: Period) -> FigureKey:
    return (*key[:_PERIOD], period.label, *key[_PERIOD + 1 :])


def _add_step(
    builder: Builder, in_period: FigureKey, to_date: FigureKey, before: FigureKey
) -> None:
    """From one count to date to the next, by those of the period between."""
    if to_date not in builder.figures:
        return
    builder.lacks(to_date, in_period)
    value = builder.figures[in_period].value
    if before not in builder.figures:
        if abs(builder.figures[to_date].value - value) < CLOSE:  # nobody was counted before
            builder.sums[Sum(to_date, (in_period,))] = None
        return
    new = builder.figures[to_date].value - builder.figures[before].value
    if abs(new - value) < CLOSE:
        builder.sums[Sum(to_date, (before, in_period))] = None
    elif 0 <= new < value:
        # Some of the period's people had been counted before.
        fresh = ("new", *in_period)
        builder.derived(fresh, new, (to_date, before))
        builder.sums[Sum(to_date, (before, fresh))] = None
        builder.lacks(in_period, fresh)
