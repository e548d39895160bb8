"""How counts add up: over the values of a dimension, within a row, and over time."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from exports.disclosure.builder import CLOSE, Builder, named
from exports.disclosure.declaration import Dimension, Disclosure
from exports.disclosure.figures import Figure, Key, Move, Sum
from exports.disclosure.gather import PeopleTable
from exports.disclosure.rows import DisclosureError
from flows.periods import Period, PeriodError, read_period

_PERIOD = 1  # its place in a key


def add_sums(builder: Builder, table: PeopleTable) -> None:
    """The sums that a table's dimensions and its rows make. Raises DisclosureError."""
    for dimension in table.rule.dimensions:
        _add_dimension(builder, table, dimension)
    for _, spot, measures in table.about_people():
        for total, parts in table.rule.adds_up.items():
            keys = tuple(spot.key(measures[part]) for part in parts)
            _add_sum(builder, table, spot.key(measures[total]), keys)
    for spot in list(builder.spots):
        for one in table.rule.measures_add_up:
            if spot.start[0] == table.rule.population and spot.key(one.total) in builder.figures:
                keys = tuple(spot.key(part) for part in one.parts)
                _add_sum(builder, table, spot.key(one.total), keys)


def _add_dimension(builder: Builder, table: PeopleTable, dimension: Dimension) -> None:
    parts: dict[tuple[Key, str], dict[Key, None]] = {}
    for _, spot, measures in table.about_people():
        cut = spot.cut(dimension.column)
        if cut is None:
            continue
        parent = dimension.parents.get(cut.value)
        above = spot.at(cut, parent) if parent else spot.over([cut.column])
        for counted in [*measures.values(), *(one.column for one in table.rule.amounts)]:
            if spot.key(counted) in builder.figures:
                same = parts.setdefault((above.key(counted), cut.name), {})
                same[spot.key(counted)] = None
    for (total, _), keys in parts.items():
        if not dimension.overlap:
            _add_sum(builder, table, total, tuple(keys))
        elif total in builder.figures:
            for key in keys:
                builder.rest(total, key)


def _add_sum(builder: Builder, table: PeopleTable, total: Key, parts: tuple[Key, ...]) -> None:
    if any(part not in builder.figures for part in parts):
        return
    value = sum(builder.figures[part].value for part in parts)
    if total not in builder.figures:
        # No table shows it, but all its parts together tell of it, here and in other tables.
        builder.figure(Figure(total, value))
    elif abs(builder.figures[total].value - value) > CLOSE * max(1, len(parts)):
        raise DisclosureError(
            f"Table {table.name}: {named(total)} is {builder.figures[total].value:g}, and its"
            f" parts add up to {value:g}; mend the publication model, or say that they overlap."
        )
    builder.sums[Sum(total, parts)] = None


def add_time(builder: Builder, rules: Iterable[Disclosure]) -> None:
    """What leads from period to period: people who stay (stocks), parts of a longer one (flows)."""
    over_time = {rule.population: rule.over_time for rule in rules}
    series: dict[Key, dict[Period, Key]] = {}
    for key in builder.figures:
        if period := _period_of(key):
            series.setdefault((key[0], *key[_PERIOD + 1 :]), {})[period] = key
    for name, periods in series.items():
        if over_time.get(name[0]) == "stock":
            _add_moves(builder, periods)
        elif over_time.get(name[0]) == "flow":
            _add_longer(builder, periods)


def _period_of(key: Key) -> Period | None:
    try:
        return read_period(key[_PERIOD])
    except PeriodError:
        return None


def _add_moves(builder: Builder, periods: Mapping[Period, Key]) -> None:
    ordered = sorted(periods, key=lambda period: (period.end, period.first_day))
    for before, after in pairwise(ordered):
        first, then = periods[before], periods[after]
        by = builder.figures[then].value - builder.figures[first].value
        if abs(by) <= builder.thresholds.known_movement + CLOSE:
            builder.moves.append(Move(first, then, by))


def _add_longer(builder: Builder, periods: Mapping[Period, Key]) -> None:
    """A half or year is the sum of its quarters, where all of them are there."""
    for longer, total in periods.items():
        if longer.kind not in ("half", "year"):
            continue
        within = [
            one
            for one in periods
            if one.kind == "quarter" and longer.first_day <= one.first_day < longer.end
        ]
        if len(within) == (2 if longer.kind == "half" else 4):
            parts = tuple(periods[one] for one in sorted(within))
            if (
                abs(builder.figures[total].value - sum(builder.figures[p].value for p in parts))
                < CLOSE
            ):
                builder.sums[Sum(total, parts)] = None
