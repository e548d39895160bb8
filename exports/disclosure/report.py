"""What disclosure control did: for readers how much is hidden, for the data owner also why.

How many of the hidden cells are primary ones is for the data owner alone: who knows that a table
has no secondary ones knows that each of its hidden counts is under the threshold, and that may be
enough to work one out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from exports.disclosure.figures import Interval, Problem
from exports.disclosure.problem.backsolve import readings
from exports.disclosure.problem.builder import named
from exports.disclosure.problem.gather import Cells, PeopleTable, Place
from exports.disclosure.proof.secondary import SECONDARY, WITH_PARTS, Limit, Protection
from exports.disclosure.thresholds import Thresholds
from exports.figures.cell import rounded
from exports.figures.machine_files import csv_of


@dataclass(frozen=True)
class TableReport:
    """How many cells of a table are protected, and how many of them are hidden, by reason."""

    table: str
    population: str
    cells: int
    reasons: Mapping[str, int]

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(self.reasons.values())

    @property
    def secondary(self) -> int:
        """How many are hidden so that others cannot be worked out."""
        return self.reasons.get(SECONDARY, 0)

    @property
    def with_parts(self) -> int:
        """How many percentages and statistics are hidden with the counts they are made of."""
        return self.reasons.get(WITH_PARTS, 0)

    @property
    def primary(self) -> int:
        """How many are hidden for what they tell themselves."""
        return self.hidden - self.secondary - self.with_parts


@dataclass(frozen=True)
class DisclosureReport:
    """What was done to a release's tables of people.

    `limits` are figures that earlier releases had narrowed beyond help. `readings` says of each
    statutory percentage how many pairs of whole numbers it can have been made from, of those with
    no more than twice its true denominator. `required` are those that the law wants shown in any
    case, which every attacker therefore knows.
    """

    thresholds: Thresholds
    tables: Sequence[TableReport] = ()
    limits: Sequence[Limit] = ()
    readings: Mapping[Place, int] = field(default_factory=dict)
    required: frozenset[Place] = frozenset()

    @property
    def public_text(self) -> str:
        """`disclosure.csv` of the release: tables, protected cells, hidden ones."""
        rows = [(one.table, one.population, one.cells, one.hidden) for one in self.tables]
        return csv_of(("table", "population", "protected_cells", "hidden_cells"), rows)

    @property
    def private_text(self) -> str:
        """The same with the reasons, the limits and what the statutory figures give away."""
        rows: list[tuple[object, ...]] = []
        for one in self.tables:
            counts = [("protected cells", one.cells), ("hidden cells", one.hidden)]
            counts += [("primary cells", one.primary), ("secondary cells", one.secondary)]
            counts += [("hidden with their parts", one.with_parts)]
            counts += [
                (f"hidden: {reason}", count) for reason, count in sorted(one.reasons.items())
            ]
            rows += [(one.table, what, count) for what, count in counts]
        for limit in self.limits:
            what = f"earlier releases left a {limit.attacker} only {limit.low:g} to {limit.high:g}"
            rows.append((named(limit.key), what, 1))
        for (table, row, column), count in sorted(self.readings.items()):
            law = "required by law" if (table, row, column) in self.required else "statutory"
            rows.append((f"{table}, row {row + 1}, {column}", f"{law}: can be made from", count))
        return csv_of(("where", "what", "count"), rows)


def report_on(
    thresholds: Thresholds,
    tables: Sequence[PeopleTable],
    cells: Cells,
    reasons: Mapping[Place, str],
    problem: Problem,
    protection: Protection,
) -> DisclosureReport:
    """The report on a release's tables of people."""
    rest = [place for place in cells.rests_on if place not in cells.shows]
    places = [*cells.shows, *rest, *cells.rows]
    reports = []
    for table in tables:
        places_here = [place for place in places if place[0] == table.name]
        why = Counter(reasons[place] for place in places_here if place in reasons)
        reports.append(TableReport(table.name, table.rule.population, len(places_here), dict(why)))
    return DisclosureReport(
        thresholds,
        reports,
        protection.limits,
        _readings(tables, cells, reasons, problem),
        frozenset(cells.required),
    )


def _readings(
    tables: Sequence[PeopleTable],
    cells: Cells,
    reasons: Mapping[Place, str],
    problem: Problem,
) -> dict[Place, int]:
    shares = {share.key: share for share in problem.shares}
    decimals = {table.name: table.decimals for table in tables}
    found = {}
    for place in sorted(cells.statutory & cells.shows.keys() - reasons.keys()):
        share, digits = shares[cells.shows[place]], decimals[place[0]][place[2]]
        part, whole = (problem.figures[key].value for key in (share.numerator, share.denominator))
        percent = rounded(Decimal(100 * round(part)) / round(whole), digits)
        found[place] = len(
            readings(percent, digits, Interval(0, whole * 2), Interval(1, whole * 2))
        )
    return found
