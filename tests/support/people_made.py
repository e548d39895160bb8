"""Made-up people, the tables that count them, and releases of those tables, one after another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from exports.definitions.table import TableDefinition
from exports.disclosure.apply import protect_tables
from exports.disclosure.problem.past import PastTable
from exports.disclosure.report import DisclosureReport
from exports.disclosure.thresholds import Thresholds, read_thresholds
from exports.figures.cell import publish_value
from exports.figures.selection import Selection
from tests.support.definitions import PLACES

THRESHOLDS = read_thresholds(PLACES.thresholds)
ALL = "All"
PERIODS = ["2021-22 Q4", "2022-23 Q1", "2022-23 Q2", "2022-23 Q3"]


@dataclass(frozen=True)
class Person:
    """Somebody: what tables cut by."""

    sex: str
    grade: str
    origin: str
    district: str = "Halton"


def people_table(
    name: str,
    dimensions: Sequence[Mapping[str, object]],
    percent_over: str | None = None,
    number: int = 1,
    **more: object,
) -> TableDefinition:
    """A table of counts by those dimensions (of `Person`), with a percentage if wanted."""
    columns: list[dict[str, object]] = [
        {"name": str(one), "label": str(one).title(), "type": "text", "meaning": "Who"}
        for one in ("quarter", *(one["column"] for one in dimensions))
    ]
    columns.append({"name": "people", "label": "People", "type": "integer", "meaning": "How many"})
    rule: dict[str, object] = {
        "rule": "people",
        "population": "workforce",
        "dimensions": list(dimensions),
        "counts": [{"column": "people", "measure": "headcount"}],
        **more,
    }
    if percent_over:
        columns.append(
            {
                "name": "percent",
                "label": "Share",
                "type": "number",
                "decimals": 0,
                "unit": "per cent",
                "when_missing": "not applicable",
                "meaning": "People as a percentage",
            }
        )
        rule["percentages"] = [
            {
                "column": "percent",
                "numerator": "people",
                "denominator": "people",
                "over": [percent_over],
            }
        ]
    return TableDefinition.model_validate(
        {
            "name": name,
            "number": number,
            "title": name,
            "sheet": name,
            "source": f"pub_{name}",
            "publications": ["quarterly"],
            "about": "People.",
            "empty": "Nobody.",
            "key": ["quarter", *(one["column"] for one in dimensions)],
            "order_by": [str(one["column"]) for one in dimensions],
            "columns": columns,
            "disclosure": rule,
        }
    )


def by(*columns: str, **more: object) -> list[Mapping[str, object]]:
    """Dimensions with totals."""
    return [{"column": column, "total": ALL, **more} for column in columns]


def counted(
    table: TableDefinition,
    people: Sequence[Person],
    values: Mapping[str, Sequence[str]],
    period: str,
) -> Selection:
    """The unprotected rows of a table, every cell and total of it, zeros too."""
    assert table.disclosure is not None
    names = [one.column for one in table.disclosure.dimensions]
    over = [share.over[0] for share in table.disclosure.percentages]
    parents = {k: v for one in table.disclosure.dimensions for k, v in one.parents.items()}

    def is_in(person: Person, name: str, value: str) -> bool:
        own = str(getattr(person, name))
        return value in (ALL, own, parents.get(own))

    def count(where: Mapping[str, str]) -> int:
        return sum(all(is_in(one, name, where[name]) for name in where) for one in people)

    wheres: list[dict[str, str]] = [{}]
    for name in names:
        wheres = [{**where, name: value} for where in wheres for value in (*values[name], ALL)]
    records: list[Mapping[str, object]] = []
    for where in wheres:
        record: dict[str, object] = {"quarter": period, **where, "people": count(where)}
        if over:
            whole = count({**where, over[0]: ALL})
            record["percent"] = (
                (Decimal(100 * count(where)) / whole).quantize(Decimal("1e-6"), ROUND_HALF_UP)
                if whole
                else None
            )
        records.append(record)
    rows = [tuple(publish_value(c, record[c.name]) for c in table.columns) for record in records]
    return Selection(table, tuple(rows), tuple(records))


def published_as_past(release: str, selection: Selection, thresholds: Thresholds) -> PastTable:
    """A published table as a later release reads it."""
    names = [column.name for column in selection.table.columns]
    rows = [dict(zip(names, texts, strict=True)) for texts in selection.texts]
    return PastTable(release, release, selection.table.name, rows, thresholds)


def release_all(
    tables: Sequence[TableDefinition],
    periods: Sequence[Sequence[Person]],
    values: Mapping[str, Sequence[str]],
    thresholds: Thresholds = THRESHOLDS,
) -> tuple[list[list[Selection]], list[DisclosureReport]]:
    """Releases of these tables, one a period, each in the knowledge of those before."""
    released: list[list[Selection]] = []
    reports: list[DisclosureReport] = []
    past: list[PastTable] = []
    truths: list[Selection] = []
    for period, people in zip(PERIODS, periods, strict=False):
        truth = [counted(table, people, values, period) for table in tables]
        shown, report = protect_tables(truth, thresholds, truths, past)
        released.append([replace(one, table=mine) for one, mine in zip(shown, tables, strict=True)])
        reports.append(report)
        past += [published_as_past(period, one, thresholds) for one in shown]
        truths += truth
    return released, reports
