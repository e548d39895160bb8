"""`trace` of figures about people: files and checks for everyone, rows for who stands by it."""

import json
import shutil
import stat
from decimal import Decimal

import duckdb
import pytest

from flows.audit.trace_value import Question, trace, trace_restricted
from flows.common.settings import Settings
from flows.modelling.analysts import BadQuestion
from flows.warehouse.connection import Row

JUNE, MARCH = "hr_workforce-whole000001/2022-23 Q1", "hr_workforce-whole000001/2021-22 Q4"


@pytest.fixture(scope="module")
def workforce_home(workforce_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy, for who asks is put on record, and other tests read that home too."""
    home = tmp_path_factory.mktemp("asked") / "home"
    shutil.copytree(workforce_home.home, home)
    return workforce_home.model_copy(update={"home": home})


def events(settings: Settings) -> list[tuple[str, str, Row]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = connection.execute(
            "select kind, subject, detail from ledger.events order by seq"
        ).fetchall()
    return [(kind, subject, json.loads(detail)) for kind, subject, detail in found]


def asked(settings: Settings, indicator: str, period: str, basis: str, breakdown: str) -> Row:
    question = Question(indicator, period, basis, breakdown)
    return trace_restricted(settings, question, "Internal audit", "Audit of 2022-23")


def test_everyone_sees_files_counts_and_checks_and_no_row(workforce_home: Settings) -> None:
    before = events(workforce_home)
    found = trace(workforce_home, Question("E01", "2022-23 Q1", "headcount", "employer=lcrca"))
    assert (found["value"], found["rows"], found["recomputed"]) == ("8.000000", [], None)
    assert found["returns"] == [
        {"return_id": JUNE, "sheet": None, "rows": 432, "file": "a file"}  # of both employers
    ]
    assert found["checks"] == [
        {
            "return_id": JUNE,
            "rule": "fte_at_most_one",
            "severity": "warn",
            "outcome": "passed",
            "rows_checked": 433,
            "rows_failed": 0,
        }
    ]
    assert "--restricted only" in str(found["disclosure"])
    assert events(workforce_home) == before


@pytest.mark.parametrize(
    ("indicator", "period", "basis", "breakdown", "rows"),
    [
        ("E01", "2022-23 Q1", "headcount", "employer/sex=lcrca/female", 3),
        ("E01", "2022-23 Q1", "profile", "employer/sex=lcrca/female", 8),
        ("E01", "2022-23 Q1", "fte", "employer=lcrca", 8),
        ("E09", "2022-23", "lower-middle-men", "employer=merseytravel", 4),
        ("E12", "2022-23 Q1", "known", "employer=lcrca", 4),
    ],
)
def test_who_stands_by_it_sees_rows_that_add_up_to_the_value(
    workforce_home: Settings, indicator: str, period: str, basis: str, breakdown: str, rows: int
) -> None:
    found = asked(workforce_home, indicator, period, basis, breakdown)
    assert isinstance(found["rows"], list)
    assert len(found["rows"]) == rows
    assert found["recomputed"] == found["value"]
    kind, subject, detail = events(workforce_home)[-1]
    assert (kind, subject) == ("traced", f"{indicator} {basis} {period} {breakdown}")
    assert (detail["by"], detail["because"]) == ("Internal audit", "Audit of 2022-23")


def test_a_rate_over_an_earlier_headcount_leads_to_both_returns(workforce_home: Settings) -> None:
    basis = "starts-of-headcount-before"
    found = asked(workforce_home, "E11", "2022-23 Q1", basis, "employer=merseytravel")
    assert found["recomputed"] == found["value"] == "0.990099"
    assert isinstance(found["rows"], list)
    above = [row for row in found["rows"] if Decimal(row["numerator"]) > 0]
    below = [row for row in found["rows"] if Decimal(row["denominator"]) > 0]
    assert ({row["return_id"] for row in above}, len(above)) == ({JUNE}, 4)
    assert ({row["return_id"] for row in below}, len(below)) == ({MARCH}, 404)


def test_pay_never_stands_beside_a_person(workforce_home: Settings) -> None:
    found = asked(workforce_home, "E05", "2022-23", "median", "employer=lcrca")
    assert found["recomputed"] is None
    assert isinstance(found["rows"], list)
    sides = [(row["numerator"], row["denominator"]) for row in found["rows"]]
    assert sorted(set(sides)) == [("0.00", "1.00"), ("1.00", "0.00")]
    assert (sides.count(("1.00", "0.00")), sides.count(("0.00", "1.00"))) == (124, 96)
    with duckdb.connect(str(workforce_home.restricted), read_only=True) as connection:
        columns = {
            row[0]
            for row in connection.execute(
                "select column_name from information_schema.columns"
            ).fetchall()
        }
    assert not {"_amount", "_person", "hourly_pay", "bonus_pay", "employee_key"} & columns
    assert stat.S_IMODE(workforce_home.restricted.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("indicator", "by", "because", "said"),
    [
        ("E01", " ", "Audit", "need --by NAME and --because WHY"),
        ("E01", "Audit", "", "need --by NAME and --because WHY"),
        ("C04", "Audit", "Audit", "No row about a person is behind C04"),
    ],
)
def test_rows_are_not_to_be_had_without_a_name_or_a_need(
    workforce_home: Settings, indicator: str, by: str, because: str, said: str
) -> None:
    before = events(workforce_home)
    with pytest.raises(BadQuestion, match=said):
        trace_restricted(workforce_home, Question(indicator, "2022-23 Q1"), by, because)
    assert events(workforce_home) == before
