"""The problem that tables of people pose: their counts, shares, amounts and statistics."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from exports.definitions.disclosure import Amount, Disclosure, Percentage, Rate, Statistic
from exports.disclosure.figures import Figure, FigureKey, Interval, Share
from exports.disclosure.problem.backsolve import (
    ANYTHING,
    boxes_of,
    percent_interval,
    readings,
    whole_slack,
)
from exports.disclosure.problem.builder import CLOSE, THRESHOLD, Builder, named
from exports.disclosure.problem.rows import (
    DisclosureError,
    PeopleRow,
    Spot,
    figure_in,
    measures_of,
    rows_about_people,
    spot_of,
)
from exports.figures.cell import rounded

Place = tuple[str, int, str]
DOMINANCE = "one giver dominates"
_AMOUNT_WEIGHT = 3.0
_SHARE_WEIGHT = 0.1
_PERCENTAGE_WEIGHT = 1.0  # of each that goes with a count
_AS_HELD = 1e-5  # the models hold a percentage to six decimals
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class PeopleTable:
    """A table of people: its rule, its rows, and the decimals of each column it publishes."""

    name: str
    rule: Disclosure
    rows: Sequence[PeopleRow]
    decimals: Mapping[str, int]

    def about_people(self) -> Iterator[tuple[PeopleRow, Spot, dict[str, str]]]:
        """Each row that is about people, where its counts stand, and what its columns count."""
        for row in rows_about_people(self.rule, self.rows):
            yield row, spot_of(self.rule, row), measures_of(self.rule, row)


@dataclass
class Cells:
    """Which figure each published cell shows, by table, row and column; `counts` are the counts.

    A statistic rests on several: it is hidden if any of them is, or, if it is statutory, if any is
    below the threshold; where the law requires it, never. `rows` are counts of rows about people,
    which are hidden, by whether there are any. `percentages` are worked out from two counts as they
    are shown. `kept_back` has no value as too few people stand behind it.
    """

    shows: dict[Place, FigureKey] = field(default_factory=dict)
    counts: set[Place] = field(default_factory=set)
    rests_on: dict[Place, tuple[FigureKey, ...]] = field(default_factory=dict)
    statutory: set[Place] = field(default_factory=set)
    required: set[Place] = field(default_factory=set)
    kept_back: set[Place] = field(default_factory=set)
    rows: dict[Place, bool] = field(default_factory=dict)
    percentages: dict[Place, tuple[FigureKey, FigureKey]] = field(default_factory=dict)


def add_counts(builder: Builder, table: PeopleTable, cells: Cells | None) -> None:
    """The counts and amounts of a table; without `cells` they are not for publishing now."""
    rule = table.rule
    for row, spot, measures in table.about_people():
        builder.spots[spot] = None
        for counted in rule.counts:
            value = _number(row, counted.column)
            if value is None:
                continue
            key = spot.key(measures[counted.column])
            published = cells is not None and counted.column in table.decimals
            builder.count(
                key,
                value,
                whole=counted.whole and value == int(value),
                published=published,
                hides_zeros=rule.hides_zeros,
                depth=len(spot.cuts),
            )
            if cells is not None:
                if builder.thresholds.is_small(value):
                    builder.primary[key] = THRESHOLD
                if published:
                    place = (table.name, row.at, counted.column)
                    cells.shows[place] = key
                    cells.counts.add(place)
        if cells is not None:
            for amount in rule.amounts:
                _add_amount(builder, table, row, spot, amount, cells)


def add_row_counts(table: PeopleTable, cells: Cells) -> None:
    """The counts of rows about people: they are no part of the problem, as they are never told."""
    for row, _, _ in table.about_people():
        for column in table.rule.row_counts:
            if (value := _number(row, column)) is not None:
                cells.rows[table.name, row.at, column] = value > 0


def add_shares(builder: Builder, table: PeopleTable, cells: Cells) -> None:
    """The percentages and statistics of a table whose counts are there. Raises DisclosureError."""
    for row, spot, measures in table.about_people():
        for share in table.rule.percentages:
            place = (table.name, row.at, share.column)
            if share.column not in table.decimals or _number(row, share.column) is None:
                continue
            top, bottom = _counts_of(builder, table, row, spot, measures, share)
            _mark(cells, place, row, share)
            if share.statutory:
                cells.shows[place] = _add_share(builder, table, row, share, top, bottom)
            else:
                builder.rest(bottom.key, top.key)
                cells.rests_on[place] = cells.percentages[place] = (top.key, bottom.key)
                for key in {top.key, bottom.key}:
                    builder.weigh(key, _PERCENTAGE_WEIGHT)
        for rate in table.rule.rates:
            key = spot.key(measures[rate.people])
            if (interval := rate_interval(rate, row)) and key in builder.figures:
                builder.narrow(key, interval)
                cells.rests_on[table.name, row.at, rate.column] = (key,)
        for one in table.rule.statistics:
            place = (table.name, row.at, one.column)
            cells.rests_on[place] = tuple(spot.key(measures[name]) for name in one.people)
            _mark(cells, place, row, one)
            if one.missing_is_hidden and _number(row, one.column) is None:
                cells.kept_back.add(place)


def _mark(cells: Cells, place: Place, row: PeopleRow, one: Percentage | Statistic) -> None:
    """Whether the law asks for the cell, and whether it knows no exemption there."""
    if one.statutory:
        cells.statutory.add(place)
    if row.says(one.required):
        cells.required.add(place)


def parts_of(
    share: Percentage, spot: Spot, measures: Mapping[str, str]
) -> tuple[FigureKey, FigureKey]:
    """The keys of a percentage's numerator and denominator."""
    whole = spot.over(share.over)
    return spot.key(measures[share.numerator]), whole.key(measures[share.denominator])


def share_of(
    key: FigureKey,
    numerator: Figure,
    denominator: Figure,
    percent: Decimal,
    decimals: int,
    parts: tuple[Interval, Interval],
) -> Share | None:
    """What a percentage tells: of the ratio, and with its parts of each part.

    None if it is not the percentage that the figures make.
    """
    interval = percent_interval(percent, decimals)
    above, below = numerator.value, denominator.value
    exact = None
    if numerator.whole and denominator.whole and below:
        exact = rounded(_HUNDRED * Decimal(above) / Decimal(below), decimals)
    if exact == percent:
        boxes = boxes_of(readings(percent, decimals, *parts), *parts)
        slack = whole_slack(interval, decimals)
        return Share(key, numerator.key, denominator.key, interval, boxes, slack)
    # The models hold a percentage to six decimals: a ratio may lie that much beyond.
    interval = Interval(interval.low - _AS_HELD, interval.high + _AS_HELD)
    if not below or not interval.holds(100 * above / below):
        return None
    return Share(key, numerator.key, denominator.key, interval, parts)


def rate_interval(rate: Rate, row: PeopleRow) -> Interval | None:
    """What an amount for each person, and the amount, tell of how many people there are."""
    each, amount = (figure_in(row.texts.get(name)) for name in (rate.column, rate.amount))
    if each is None or amount is None:
        return None
    least, most = amount_interval(each), amount_interval(amount)
    high = most.high / least.low if least.low > 0 else math.inf
    return Interval(max(0.0, most.low) / least.high - CLOSE, high + CLOSE)


def amount_interval(published: Decimal) -> Interval:
    """What an amount, shown to so many decimals, tells of the unrounded one."""
    half = 0.5 * 10.0 ** int(published.as_tuple().exponent)
    return Interval(float(published) - half, float(published) + half)


def _counts_of(
    builder: Builder,
    table: PeopleTable,
    row: PeopleRow,
    spot: Spot,
    measures: Mapping[str, str],
    share: Percentage,
) -> tuple[Figure, Figure]:
    """The counts that a percentage is of. Raises DisclosureError if it is of others."""
    keys = parts_of(share, spot, measures)
    for key in keys:
        if key not in builder.figures:
            raise DisclosureError(
                f"Table {table.name}: {share.column} has a value where {named(key)}, which it is"
                " worked out from, has none."
            )
    above, below = (builder.figures[key] for key in keys)
    percent = float(_number(row, share.column) or 0)
    if not below.value or abs(percent - 100 * above.value / below.value) > _AS_HELD:
        raise DisclosureError(
            f"Table {table.name}: {share.column} is {percent:g} where {named(keys[0])} is"
            f" {above.value:g} of {below.value:g}; work it out from unrounded figures."
        )
    return above, below


def _add_share(
    builder: Builder,
    table: PeopleTable,
    row: PeopleRow,
    share: Percentage,
    above: Figure,
    below: Figure,
) -> FigureKey:
    """A statutory percentage, which tells of the true counts. Raises DisclosureError."""
    percent = _number(row, share.column, published=True) or Decimal(0)
    parts = (above.interval or ANYTHING, below.interval or ANYTHING)
    key = (table.name, str(row.at), share.column)
    told = share_of(key, above, below, percent, table.decimals[share.column], parts)
    if told is None:
        raise DisclosureError(
            f"Table {table.name}: {share.column} shows {percent} where {named(above.key)} is"
            f" {above.value:g} of {below.value:g}; work it out from unrounded figures."
        )
    rest = builder.rest(below.key, above.key)
    if row.says(share.required):
        for told_of in (above.key, below.key, rest):
            builder.known(told_of)
    small = not row.says(share.required) and any(
        builder.thresholds.is_small(Decimal(builder.figures[one].value))
        for one in (above.key, rest)
    )
    builder.shares[key] = replace(told, fixed=not small, weight=_SHARE_WEIGHT)
    if small:
        builder.primary[key] = THRESHOLD
    return key


def _add_amount(
    builder: Builder, table: PeopleTable, row: PeopleRow, spot: Spot, amount: Amount, cells: Cells
) -> None:
    value = _number(row, amount.column)
    if value is None or amount.column not in table.decimals:
        return
    first, second = (
        _number(row, name) or Decimal(0) for name in (amount.largest, amount.second_largest)
    )
    key = spot.key(amount.column)
    published = rounded(value, table.decimals[amount.column])
    builder.figure(Figure(key, float(value), amount_interval(published), _AMOUNT_WEIGHT))
    cells.shows[table.name, row.at, amount.column] = key
    near = first * builder.thresholds.dominance_percent / _HUNDRED
    margin = near - (value - first - second)
    people = amount.people and _number(row, amount.people)
    if value > 0 and margin > 0:
        builder.primary[key] = DOMINANCE
    elif people and builder.thresholds.is_small(people):
        builder.primary[key] = THRESHOLD
        margin = max(near, Decimal(CLOSE))
    else:
        return
    builder.need(key, max(0.0, float(value - margin)), float(value + margin))


def _number(row: PeopleRow, column: str, published: bool = False) -> Decimal | None:
    """The value in a column, unrounded or as it is `shown`; None where there is none."""
    value = row.values.get(column)
    if value is None:
        return None
    if published:
        text = row.texts[column]
        return Decimal(0) if text == "[low]" else Decimal(text)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise DisclosureError(
            f"Column {column} holds a {type(value).__name__}, not a number, where people are"
            " counted; mend the publication model."
        )
    return Decimal(value)
