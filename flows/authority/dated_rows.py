"""Rows that hold from a day to a day: none ends before it begins, and those of one key follow on.

Two that hold at once would be picked from by chance. A gap between two, while returns are owed, is
a time for which the seed says nothing, which is rarely what was meant.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from flows.authority.overlay import Rows
from flows.authority.seed_rows import Fault
from flows.authority.seed_schema import SeedSchema
from flows.common.periods import PeriodError, read_period

FROM, TO = "valid_from", "valid_to"
_DAY = timedelta(days=1)
_Span = tuple[date, date, int]  # first and last day, and the line


def dated_faults(
    path: str, rows: Rows, lines: Sequence[int], schema: SeedSchema, obligations: Rows
) -> Iterator[Fault]:
    """What is wrong with the days of a seed's rows; cells that are no days are told elsewhere."""
    together: dict[tuple[str, ...], list[_Span]] = defaultdict(list)
    for row, line in zip(rows, lines, strict=True):
        yield from _periods(path, row, line)
        if FROM not in row or TO not in row:
            continue
        first, last = _day(row[FROM], date.min), _day(row[TO], date.max)
        if first is None or last is None:
            continue
        if last < first:
            yield Fault(path, line, TO, f"{last} is before {first}: it holds on no day")
        elif FROM in schema.key:
            key = tuple(row.get(name, "") for name in schema.key if name != FROM)
            together[key].append((first, last, line))
    owed = _owed(obligations)
    for spans in together.values():
        yield from _following(path, sorted(spans), owed)


def _following(
    path: str, spans: Sequence[_Span], owed: Sequence[tuple[date, date]]
) -> Iterator[Fault]:
    for (_, ended, before), (begins, _, line) in pairwise(spans):
        if begins <= ended:
            what = f"it begins on {begins}, and line {before} of the same key holds then"
            yield Fault(path, line, FROM, what)
        elif begins > ended + _DAY and any(first < begins and last > ended for first, last in owed):
            what = f"nothing holds from {ended + _DAY} to {begins - _DAY}, after line {before}"
            yield Fault(path, line, FROM, f"{what}, and returns are owed for that time")


def _owed(obligations: Rows) -> list[tuple[date, date]]:
    """From when to when each obligation runs."""
    found = []
    for row in obligations:
        try:
            first = read_period(row["first_period"]).first_day
            last = row.get("last_period")
            found.append((first, read_period(last).end - _DAY if last else date.max))
        except PeriodError:
            continue  # which the rows of the obligations are told of
    return found


def _periods(path: str, row: Mapping[str, str], line: int) -> Iterator[Fault]:
    first, last = row.get("first_period", ""), row.get("last_period", "")
    try:
        is_over = bool(first and last) and read_period(last).end <= read_period(first).first_day
    except PeriodError:
        return
    if is_over:
        yield Fault(path, line, "last_period", f"{last} is before {first}: it holds for no period")


def _day(cell: str, blank: date) -> date | None:
    """The day that a cell says; None where it says none."""
    try:
        return date.fromisoformat(cell) if cell else blank
    except ValueError:
        return None
