"""What earlier releases told: their cells can be put beside this one's, and never taken back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from exports.disclosure.figures import FigureKey, Interval, Share
from exports.disclosure.problem.backsolve import ANYTHING
from exports.disclosure.problem.builder import Builder
from exports.disclosure.problem.gather import (
    PeopleTable,
    amount_interval,
    parts_of,
    rate_interval,
    share_of,
)
from exports.disclosure.problem.rows import (
    PeopleRow,
    figure_in,
    measures_of,
    rows_about_people,
    spot_of,
)
from exports.disclosure.thresholds import Thresholds
from flows.common.periods import Period, read_period, read_year


@dataclass(frozen=True)
class PastTable:
    """A table as an earlier release shows it; each row by column, as text."""

    release: str
    period: str
    name: str
    rows: Sequence[Mapping[str, str]]
    thresholds: Thresholds

    @property
    def about(self) -> Period:
        """The period that the release is about: of an Annual Review a year, as 2011-12 is too."""
        is_annual = self.release.startswith("annual/")
        return read_year(self.period) if is_annual else read_period(self.period)


def add_past(builder: Builder, table: PeopleTable, past: PastTable) -> None:
    """What an earlier release told of figures that are known today.

    A cell that today's figure does not fit was corrected since, and tells nothing of it.
    """
    rows = [
        PeopleRow(at, texts, {}) for at, texts in enumerate(past.rows) if _can_read(table, texts)
    ]
    intervals: dict[FigureKey, Interval] = {}
    for row in rows_about_people(table.rule, rows):
        spot, measures = spot_of(table.rule, row), measures_of(table.rule, row)
        for counted in table.rule.counts:
            key = spot.key(measures[counted.column])
            published = figure_in(row.texts.get(counted.column))
            if published is not None and key in builder.figures:
                interval = past.thresholds.interval_of(int(published), counted.whole)
                _add_bound(builder, key, interval, intervals)
        for rate in table.rule.rates:
            key, by_rate = spot.key(measures[rate.people]), rate_interval(rate, row)
            if by_rate and key in builder.figures and by_rate.holds(builder.figures[key].value):
                builder.add_bound(key, by_rate)
        for amount in table.rule.amounts:
            published = figure_in(row.texts.get(amount.column))
            if published is not None and spot.key(amount.column) in builder.figures:
                _add_bound(builder, spot.key(amount.column), amount_interval(published), intervals)
    for share in _shares(builder, table, past.release, rows, intervals):
        builder.shares[share.key] = share


def _add_bound(
    builder: Builder, key: FigureKey, interval: Interval, intervals: dict[FigureKey, Interval]
) -> None:
    if interval.holds(builder.figures[key].value):
        intervals[key] = interval
        builder.add_bound(key, interval)


def _shares(
    builder: Builder,
    table: PeopleTable,
    release: str,
    rows: Sequence[PeopleRow],
    intervals: Mapping[FigureKey, Interval],
) -> Iterator[Share]:
    for row in rows_about_people(table.rule, rows):
        spot, measures = spot_of(table.rule, row), measures_of(table.rule, row)
        for one in table.rule.percentages:
            if not one.statutory:
                continue  # It was worked out from counts that were shown.
            percent = figure_in(row.texts.get(one.column))
            top, bottom = parts_of(one, spot, measures)
            if percent is None or top not in builder.figures or bottom not in builder.figures:
                continue
            parts = (intervals.get(top, ANYTHING), intervals.get(bottom, ANYTHING))
            key = (release, table.name, str(row.at), one.column)
            decimals = -int(percent.as_tuple().exponent)
            both = builder.figures[top], builder.figures[bottom]
            if told := share_of(key, *both, percent, decimals, parts):
                yield replace(told, fixed=True)


def _can_read(table: PeopleTable, texts: Mapping[str, str]) -> bool:
    """Whether an older layout of the table has the columns that say whom a row counts."""
    return table.rule.keying <= texts.keys()
