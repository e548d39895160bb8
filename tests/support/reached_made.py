"""People whom suppliers reached in two years, and both publications' tables that count them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from exports.definitions.table import TableDefinition, every_table
from exports.disclosure.apply import protect_tables
from exports.disclosure.problem.past import PastTable
from exports.figures.cell import publish_value
from exports.figures.selection import Selection
from flows.common.periods import Period, quarters_of, read_year
from tests.support.definitions import PLACES
from tests.support.people_made import THRESHOLDS

QUARTERS = [one for year in ("2021-22", "2022-23") for one in quarters_of(read_year(year))]
STEPS = ("validated", "evidenced", "claimed")
IN_TABLES = {table.name: table for table in every_table(PLACES.tables)}


@dataclass(frozen=True)
class Reached:
    """Somebody whom returns count: how, in which quarters (from 0), and how sure they are."""

    counted: str
    quarters: frozenset[int]
    step: str

    def is_at(self, step: str) -> bool:
        """Whoever is validated is evidenced too, and whoever is evidenced claimed."""
        return STEPS.index(self.step) <= STEPS.index(step)


def count(people: Sequence[Reached], counted: str, step: str, within: Sequence[int]) -> int:
    """People once each, or, as returned, once in every quarter that a return counts them."""
    mine = [one for one in people if one.counted == counted and one.is_at(step)]
    if counted == "by person":
        return sum(not one.quarters.isdisjoint(within) for one in mine)
    return sum(len(one.quarters.intersection(within)) for one in mine)


def quarterly(people: Sequence[Reached], at: int) -> Selection:
    """The quarterly table of people reached, unprotected."""
    records = []
    for counted in ("as returned", "by person"):
        record: dict[str, object] = {
            **dict.fromkeys(("role", "title", "status"), "told"),
            **dict.fromkeys(("committed", "due_to_date"), None),
            **dict.fromkeys(("n_reporting", "n_expected"), 1),
            "quarter": QUARTERS[at].label,
            "indicator_id": "C07",
            "measure_id": "M02" if counted == "by person" else "M03",
            "counted": counted,
        }
        for step in STEPS:
            record[step] = Decimal(count(people, counted, step, [at]))
            record[f"{step}_to_date"] = Decimal(count(people, counted, step, range(at + 1)))
        records.append(record)
    return _selected(IN_TABLES["measures_people"], records)


def annual(people: Sequence[Reached], year: Period) -> Selection:
    """The Annual Review's table of people, unprotected."""
    within = [QUARTERS.index(one) for one in quarters_of(year)]
    records = [
        {
            **dict.fromkeys(
                ("measure", "theme", "author", "evidence_grade", "counting_rule"), "told"
            ),
            **dict.fromkeys(("fte_years", "share_low", "share_central", "share_high"), None),
            "year": year.label,
            "measure_id": "M02" if counted == "by person" else "M03",
            "counted": counted,
            "people": Decimal(count(people, counted, "validated", within)),
        }
        for counted in ("as returned", "by person")
    ]
    return _selected(IN_TABLES["people_supported"], records)


def _selected(table: TableDefinition, records: Sequence[Mapping[str, object]]) -> Selection:
    rows = [tuple(publish_value(c, record[c.name]) for c in table.columns) for record in records]
    return Selection(table, tuple(rows), tuple(records))


def publish_both(
    people: Sequence[Reached], apart: bool = False
) -> tuple[list[Selection], list[Selection]]:
    """What was published, one release after another, and the same unprotected.

    Each quarter is published, and after each fourth the Annual Review, each release in the
    knowledge of those before; but of those of the other publication not, if `apart`.
    """
    truths: list[Selection] = []
    shown: list[Selection] = []
    past: list[PastTable] = []
    for at, quarter in enumerate(QUARTERS):
        truth = [quarterly(people, at)]
        if quarter.label.endswith("Q4"):
            truth.append(annual(people, read_year(quarter.label[:7])))
        for one in truth:
            others = [other for other in truths if not apart or other.table == one.table]
            (done,), _ = protect_tables([one], THRESHOLDS, others, past)
            label = str(one.records[0][one.table.disclosure.period]) if one.table.disclosure else ""
            publication = one.table.publications[0]
            names = [column.name for column in one.table.columns]
            texts = [dict(zip(names, row, strict=True)) for row in done.texts]
            past.append(
                PastTable(f"{publication}/{label}/r1", label, one.table.name, texts, THRESHOLDS)
            )
            shown.append(replace(done, table=one.table))
            truths.append(one)
    return shown, truths
