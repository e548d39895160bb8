"""Made-up employees, and the shipped tables of the workforce that count them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from exports.definitions.table import TableDefinition, every_table
from exports.figures.cell import publish_value
from exports.figures.machine_files import csv_text
from exports.figures.selection import Selection
from tests.support.definitions import PLACES

IN_TABLES = {table.name: table for table in every_table(PLACES.tables)}
EMPLOYERS = ("Authority", "Transport")
ALL = "All"
CATEGORIES = {
    "sex": ("female", "male", "undisclosed"),
    "disability": ("disabled", "not disabled", "undisclosed"),
}


@dataclass(frozen=True)
class Employee:
    """An employee: what the tables of the workforce cut by, and what is known of them."""

    employer: str
    sex: str = "female"
    disability: str = "not disabled"
    home_known: bool = True
    is_local: bool = True
    is_adult: bool = True
    pay_known: bool = True
    is_paid_enough: bool = True


Which = Callable[[Employee], bool]
SHARES: dict[tuple[str, str], tuple[Which, Which]] = {
    ("E02", "known"): (lambda one: one.home_known and one.is_local, lambda one: one.home_known),
    ("E02", "not known"): (lambda one: not one.home_known, lambda _: True),
    ("E12", "known"): (
        lambda one: one.is_adult and one.pay_known and one.is_paid_enough,
        lambda one: one.is_adult and one.pay_known,
    ),
    ("E12", "not known"): (
        lambda one: one.is_adult and not one.pay_known,
        lambda one: one.is_adult,
    ),
}


def workforce(staff: Sequence[Employee], quarter: str) -> list[Selection]:
    """Both tables of the workforce, unprotected."""
    cut, shares = [], []
    for employer in (ALL, *EMPLOYERS):
        here = [one for one in staff if employer in (ALL, one.employer)]
        cut.append((employer, "all", ALL, len(here)))
        for name, categories in CATEGORIES.items():
            for category in categories:
                count = sum(getattr(one, name) == category for one in here)
                cut.append((employer, name, category, count))
        for (indicator, basis), (is_in, is_of) in SHARES.items():
            counts = sum(map(is_in, here)), sum(map(is_of, here))
            shares.append((indicator, basis, employer, *counts))
    return [workforce_table(cut, quarter), shares_table(shares, quarter)]


def workforce_table(cut: Iterable[tuple[str, str, str, int]], quarter: str) -> Selection:
    """The table of the workforce with these counts by employer, characteristic and category."""
    rows = list(cut)
    wholes = {employer: people for employer, kind, _, people in rows if kind == "all"}
    return _selection(
        IN_TABLES["workforce"],
        (
            {
                "quarter": quarter,
                "employer": employer,
                "characteristic": kind,
                "category": category,
                "people": people,
                "percent_of_employer": percent(people, wholes[employer]),
            }
            for employer, kind, category, people in rows
        ),
    )


def shares_table(shares: Iterable[tuple[str, str, str, int, int]], quarter: str) -> Selection:
    """The table of shares with these counts by indicator, basis and employer."""
    return _selection(
        IN_TABLES["workforce_shares"],
        (
            {
                "quarter": quarter,
                "indicator_id": indicator,
                "basis": basis,
                "employer": employer,
                "people": people,
                "out_of": out_of,
                "percent_of_people": percent(people, out_of),
                "target": None,
            }
            for indicator, basis, employer, people, out_of in shares
        ),
    )


def percent(part: int, whole: int) -> Decimal | None:
    """A percentage as the models hold it."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("1e-6"), ROUND_HALF_UP)


def write_tables(release: Path, shown: Iterable[Selection]) -> None:
    """The tables as CSV files of a release."""
    folder = release / "tables"
    folder.mkdir(parents=True)
    for one in shown:
        (folder / f"{one.table.name}.csv").write_text(csv_text(one), encoding="utf-8")


def _selection(table: TableDefinition, counted: Iterable[Mapping[str, object]]) -> Selection:
    told = dict.fromkeys(("title", "figure", "status"), "told")
    records = [{**told, "n_reporting": 1, "n_expected": 1, **row} for row in counted]
    rows = [tuple(publish_value(c, one[c.name]) for c in table.columns) for one in records]
    return Selection(table, tuple(rows), tuple(records))
