"""An officer's decision stands in the trace of each figure that it touched, and in the report."""

import shutil
from pathlib import Path

import pytest

from flows.audit.decisions import decisions_behind, decisions_on, decisions_on_record
from flows.audit.trace_value import Question, rows_behind, value_of
from flows.common.settings import Settings
from flows.warehouse.connection import Row, reading
from tests.support.in_memory import World, returns_of
from tests.support.indicator_pages import ROWS

Q1, Q2 = "2022-23 Q1", "2022-23 Q2"
# Of which claim (its row) what was decided; the first stands below the header.
HOURS, REJECTED_HOURS = (2, "validated", None), (4, "rejected", "The rota does not show it")
Decided = tuple[object, object, object]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home that holds what the world is made of."""
    return Settings(home=tmp_path_factory.mktemp("decided") / "home")


@pytest.fixture(scope="module")
def world(built: Path, home: Settings, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The rows of the indicators' pages; the one claim of a job is listed as a person too."""
    returns = [one for one in returns_of(ROWS) if one.name != "validations"]
    decided = next(one for one in returns_of(ROWS) if one.name == "validations")
    claims = next(one for one in returns if one.name == "supplier_returns")
    job = {**claims.rows[0], "measure_code": "M02", "quantity": "1"}
    claims.rows.append(job)
    person: Row = {"contract_reference": "CT1", "person_key": "P1", "start_date": "2022-04-01"}
    claims.also["people"] = [person | {"fte": 1, "disadvantaged_group": "care leaver"}]
    decided.rows.append({**decided.rows[0], "measure_code": "M02", "quantity": "1"})
    folder = tmp_path_factory.mktemp("world")
    made = World(built, [*returns, decided], folder)
    home.warehouse.parent.mkdir(parents=True)
    shutil.copy(folder / "rows.duckdb", home.warehouse)
    return made


def decided(world: World, home: Settings, question: Question) -> list[Decided]:
    """Of which row of a claim what was decided, and why, behind a value."""
    value = value_of(world.connection, question)
    rows = rows_behind(world.connection, question, value)
    people = [
        {"return_id": return_id}
        for (return_id,) in world.connection.execute(
            "select distinct _return_id from marts.fct_people_rows "
            "where indicator_id = ? and basis = ?",
            [question.indicator, value["basis"]],
        ).fetchall()
    ]
    found = decisions_behind(home, world.connection, value, rows, people)
    assert all(one["decided_by"] == "Social Value Lead" for one in found)
    assert all(str(one["at_utc"]).startswith("2022-07-10") for one in found)
    return sorted((one["claim_row"], one["decision"], one["because"]) for one in found)


@pytest.mark.parametrize(
    ("basis", "of", "expected"),
    [
        ("validated", "measure=M08", [HOURS, REJECTED_HOURS]),
        ("claimed-to-date", "measure=M08", [HOURS, REJECTED_HOURS]),
        ("rejected", "measure=M08", [REJECTED_HOURS]),
        ("validated", "measure=M12", [(6, "validated", None)]),
        ("committed", "measure=M08", []),
        ("claimed-people", "measure=M02", [(8, "validated", None)]),
    ],
)
def test_each_decision_stands_behind_the_figures_that_it_touched(
    world: World, home: Settings, basis: str, of: str, expected: list[Decided]
) -> None:
    assert decided(world, home, Question("C07", Q1, basis, of)) == expected


def test_a_figure_to_date_keeps_the_decisions_of_before_and_one_of_a_quarter_does_not(
    world: World, home: Settings
) -> None:
    to_date = Question("C07", "2022-23", "claimed-to-date", "measure=M08")
    assert decided(world, home, to_date) == [HOURS, REJECTED_HOURS]
    assert decided(world, home, Question("F03", Q1, "carbon-central", "measure=M12")) == [
        (6, "validated", None)
    ]


def test_rows_of_other_returns_have_no_decision(world: World, home: Settings) -> None:
    rows: list[Row] = [{"_return_id": "finance_payments-1/2022-04", "_sheet": "", "_row": 3}]
    assert decisions_on(home, world.connection, rows) == []


def test_the_report_says_who_decided_when_what_and_why(world: World, home: Settings) -> None:
    assert world.connection
    with reading(home) as connection:
        found = decisions_on_record(connection, [Q1])
        assert decisions_on_record(connection, [Q2]) == []
        assert len(found) == len(decisions_on_record(connection)) > 3
    rejected = [one for one in found if one["decision"] == "rejected"]
    assert [
        (one["by"], one["at_utc"], one["because"], one["in_force"], one["supplier"])
        for one in rejected
    ] == [("Social Value Lead", "2022-07-10 00:00", REJECTED_HOURS[2], "yes", "s400101")]
    assert "quantity" not in rejected[0]
