"""A release against the last one: figures that moved further than somebody must answer for."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pydantic import Field

from exports.edition.facts import Block
from exports.figures.selection import Selection
from flows.common.declarations import Declared, read_declared
from flows.common.periods import Period, period_of

KIND = "large movement"


class Movement(Declared):
    """A cell that is held against the same cell of the period before."""

    table: str
    row: dict[str, str] = Field(min_length=1, description="{period} is the release's own")
    column: str
    factor: Decimal = Field(gt=1, description="as many times as much, or as little")


class Movements(Declared):
    """Every cell that is held against the last release."""

    movements: list[Movement]


def large_movements(
    selections: Sequence[Selection], period: Period, previous: Path | None, rules: Path
) -> list[Block]:
    """What moved too far since the release in the folder `previous`, about the period before.

    The words name both figures, so that what somebody said of a movement lapses when it is another.
    Raises DeclarationError.
    """
    if previous is None or not rules.is_file():  # releases from before there were limits keep none
        return []
    return list(_moved(selections, period, previous, read_declared(rules, Movements).movements))


def period_before(period: Period) -> Period:
    """The period of the same kind that ends the day before."""
    return period_of(period.first_day - timedelta(days=1), period.kind)


def _moved(
    selections: Sequence[Selection], period: Period, previous: Path, rules: Sequence[Movement]
) -> Iterator[Block]:
    by_name = {one.table.name: one for one in selections if one.table.disclosure is None}
    for rule in rules:
        path = previous / "tables" / f"{rule.table}.csv"
        if rule.table not in by_name or not path.is_file():
            continue
        with path.open(encoding="utf-8", newline="") as lines:
            then = _figure(rule, period_before(period), list(csv.DictReader(lines)))
        now = _figure(rule, period, by_name[rule.table].texts_by_column)
        if now is None or then is None or not _is_far(now, then, rule.factor):
            continue
        row_name = ", ".join(text.format(period=period.label) for text in rule.row.values())
        yield Block(
            KIND,
            f"{rule.table} {rule.column} ({row_name}): {now} from {then}",
            f"it was {then} in {period_before(period).label} and is {now}: more than"
            f" {rule.factor} times as much or as little",
        )


def _is_far(now: Decimal, then: Decimal, factor: Decimal) -> bool:
    low, high = sorted([abs(now), abs(then)])
    return now != then and (now * then <= 0 or high > factor * low)


def _figure(rule: Movement, period: Period, rows: Sequence[Mapping[str, str]]) -> Decimal | None:
    """The figure of the rule's row; None where there is no such row, or a symbol stands there."""
    wanted = {name: text.format(period=period.label) for name, text in rule.row.items()}
    for row in rows:
        if all(row.get(name) == text for name, text in wanted.items()):
            try:
                return Decimal(row[rule.column])
            except (InvalidOperation, KeyError):
                return None
    return None
