"""Table definitions: read, checked, in step with the schema and with what dbt publishes."""

from pathlib import Path

import pytest
import yaml

from exports.definitions.table import read_tables
from flows.common.declarations import DeclarationError
from flows.common.settings import DBT_PROJECT
from tests.support.definitions import PLACES

DBT = DBT_PROJECT / "publication"
DBT_TYPES = {
    "varchar": {"text"},
    "integer": {"integer"},
    "bigint": {"integer"},
    "boolean": {"boolean"},
    "date": {"date"},
    "timestamp": {"moment"},
    "decimal(18,2)": {"number"},
    "decimal(18,6)": {"number"},
    "decimal(24,6)": {"number"},
}


def one_table(**changes: object) -> dict[str, object]:
    column = {"name": "a", "label": "A", "type": "text", "meaning": "An a"}
    table: dict[str, object] = {
        "name": "small",
        "number": 1,
        "title": "Small",
        "sheet": "Small",
        "source": "pub_small",
        "publications": ["quarterly"],
        "about": "One row is an a.",
        "empty": "There is no a.",
        "key": ["a"],
        "order_by": ["a"],
        "columns": [column],
    }
    return table | changes


def write(folder: Path, **changes: object) -> Path:
    (folder / "small.yaml").write_text(yaml.safe_dump(one_table(**changes)), encoding="utf-8")
    return folder


def test_the_quarterly_report_has_its_tables_in_order_numbered_from_1() -> None:
    assert [table.name for table in read_tables("quarterly", PLACES.tables)] == [
        "exceptions",
        "commitments",
        "actions",
        "indicators",
        "local_spend",
        "spend_by_place",
        "location_basis",
        "supplier_kinds",
        "prompt_payment",
        "contracts",
        "measures",
        "measures_people",
        "cost_beside_benefit",
        "workforce",
        "workforce_shares",
        "pay_gaps",
        "pay_bands",
        "group_pay_gaps",
        "volunteering",
        "control_totals",
        "returns_received",
        "coverage",
        "revisions",
        "data_quality",
        "definitions",
        "spend_by_ward",  # the last, since it may be left out
    ]
    assert [table.number for table in read_tables("quarterly", PLACES.tables)] == list(range(1, 27))


@pytest.mark.parametrize(
    "table", read_tables("quarterly", PLACES.tables), ids=lambda table: table.name
)
def test_every_column_is_one_that_dbt_publishes_with_a_type_that_fits(table) -> None:
    models = {
        one["name"]: one
        for path in DBT.rglob("*.yml")
        for one in yaml.safe_load(path.read_text("utf-8")).get("models", [])
        if "columns" in one
    }
    published = {one["name"]: one["data_type"] for one in models[table.source]["columns"]}
    for column in table.columns:
        assert column.type in DBT_TYPES[published[column.source or column.name]], column.name
    wanted = {column.unit_in for column in table.columns if column.unit_in}
    wanted |= {by if isinstance(by, str) else by.column for by in table.order_by}
    if table.disclosure:
        sources = {column.name: column.source or column.name for column in table.columns}
        wanted |= {sources.get(name, name) for name in table.disclosure.read}
    assert wanted <= set(published)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"key": ["b"]}, "no column is called b"),
        ({"sheet": "a/b"}, "worksheet's name"),
        ({"surprise": 1}, "surprise"),
        ({"name": "other"}, "speaks of other"),
        ({"source": "marts.secret"}, "source"),
    ],
)
def test_a_wrong_definition_is_refused_and_says_where(
    tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    with pytest.raises(DeclarationError, match=told) as fault:
        read_tables("quarterly", write(tmp_path, **changes))
    assert "small.yaml, line " in str(fault.value)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ({"type": "number"}, "states its decimals"),
        ({"decimals": 1}, "states its decimals"),
        ({"type": "integer", "words": {"1": "one"}}, "only text has words"),
        ({"type": "number", "decimals": 1, "decimals_by_unit": {"GBP": 2}}, "needs unit_in"),
        ({"type": "number", "decimals": 1, "unit": "GBP", "unit_in": "u"}, "not both"),
        ({"times": 100}, "only a number"),
        ({"type": "date", "reads_as": "month"}, "only text"),
    ],
)
def test_a_column_that_contradicts_itself_is_refused(
    tmp_path: Path, column: dict[str, object], told: str
) -> None:
    first = {"name": "a", "label": "A", "type": "text", "meaning": "An a"}
    with pytest.raises(DeclarationError, match=told):
        read_tables("quarterly", write(tmp_path, columns=[first | column]))


def test_two_tables_cannot_have_one_number(tmp_path: Path) -> None:
    write(tmp_path)
    twin = one_table(name="twin", title="Twin", sheet="Twin")
    (tmp_path / "twin.yaml").write_text(yaml.safe_dump(twin), encoding="utf-8")
    with pytest.raises(DeclarationError, match="two tables have the number 1"):
        read_tables("quarterly", tmp_path)


def test_a_publication_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no table of the publication 'annual'"):
        read_tables("annual", write(tmp_path))


@pytest.mark.parametrize(
    ("chart", "told"),
    [
        ({"label": "b", "value": "n"}, "chart: no column is called b"),
        ({"label": "a", "value": "a"}, "chart: a holds no figures"),
    ],
)
def test_a_chart_of_what_is_not_there_is_refused(
    tmp_path: Path, chart: dict[str, str], told: str
) -> None:
    columns = [
        {"name": "a", "label": "A", "type": "text", "meaning": "An a"},
        {"name": "n", "label": "N", "type": "integer", "meaning": "A number"},
    ]
    chart = {"kind": "bars", "title": "T", **chart}
    with pytest.raises(DeclarationError, match=told):
        read_tables("quarterly", write(tmp_path, columns=columns, charts=[chart]))
