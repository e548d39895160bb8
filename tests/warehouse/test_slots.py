"""What is owed, late, missing, rejected, held and superseded, and who is chased."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from flows.commands.arguments import confirm_return
from flows.common import clock
from flows.common.settings import Settings
from flows.intake.submission import Ingested
from flows.warehouse.connection import Row
from flows.warehouse.findings import list_findings
from flows.warehouse.slots import owed_by, status
from tests.support.small_returns import PAYMENTS, Take, payments, vendors

KEYS = {
    "return",
    "sender",
    "period",
    "part",
    "due",
    "received_at",
    "outcome",
    "rows_loaded",
    "rows_quarantined",
    "late_days",
}


class At:
    """Sets the clock: `at("2022-05-12")`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def __call__(self, moment: str) -> None:
        self.monkeypatch.setenv("SOCIAL_VALUE_NOW", moment)


@pytest.fixture
def at(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> At:
    return At(monkeypatch)


def row(settings: Settings, return_name: str, period: str, part: str = "") -> Row:
    found = [
        row
        for row in status(settings)
        if (row["return"], row["period"], row["part"]) == (return_name, period, part)
    ]
    assert len(found) == 1, found
    return found[0]


def test_nothing_is_owed_for_a_month_that_is_not_over(settings: Settings, at: At) -> None:
    at("2021-04-30T23:59:59")
    assert status(settings) == []


def test_what_the_seed_says_is_owed_is_missing_from_the_day_after_the_month(
    settings: Settings, at: At
) -> None:
    at("2021-05-01")
    rows = status(settings)
    assert [(r["return"], r["part"], r["due"], r["outcome"], r["late_days"]) for r in rows] == [
        ("finance_control_totals", "", "2021-05-10", "missing", 0),
        (PAYMENTS, "corporate", "2021-05-15", "missing", 0),
        (PAYMENTS, "transport", "2021-05-15", "missing", 0),
        ("finance_vendors", "", "2021-05-10", "missing", 0),
    ]
    assert set(rows[0]) == KEYS
    assert {r["received_at"] for r in rows} == {None}


def test_what_is_missing_grows_later_by_the_day_from_the_day_after_it_was_due(
    settings: Settings, at: At
) -> None:
    for day, late in (("2022-05-15", 0), ("2022-05-16", 1), ("2022-06-14", 30)):
        at(day)
        assert row(settings, PAYMENTS, "2022-04", "corporate")["late_days"] == late


def test_the_lateness_of_what_has_come_stands_still(settings: Settings, take: Take, at: At) -> None:
    at("2022-05-12T10:00:00")
    take(payments(), "lcrca_2022-04_corporate.csv")
    at("2022-05-18T10:00:00")
    take(payments(4), "lcrca_2022-04_transport.csv")
    at("2022-08-01")
    on_time = row(settings, PAYMENTS, "2022-04", "corporate")
    late = row(settings, PAYMENTS, "2022-04", "transport")
    assert (on_time["outcome"], on_time["late_days"]) == ("loaded", 0)
    assert (late["outcome"], late["late_days"]) == ("loaded", 3)
    assert (late["received_at"], late["rows_loaded"]) == ("2022-05-18T10:00:00", 4)


def test_a_seed_owes_each_period_of_its_span_and_none_outside(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "obligations.csv").write_text(
        "return,sender,part,every,first_period,last_period,due_days_after_end\n"
        "finance_vendors,halton,,month,2022-11,2023-02,10\n"
        "hr_workforce,sefton,,quarter,2022-23 Q4,2023-24 Q1,30\n"
        "reference_deprivation,wirral,,year,2021-22,,60\n"
        "case_studies,halton,,half,2022-23 H2,,5\n"
    )
    owed = [(o.sender, o.period, o.due.isoformat()) for o in owed_by(tmp_path, date(2023, 12, 1))]
    assert owed == [
        ("halton", "2022-11", "2022-12-10"),
        ("halton", "2022-12", "2023-01-10"),
        ("halton", "2023-01", "2023-02-10"),
        ("halton", "2023-02", "2023-03-10"),
        ("sefton", "2022-23 Q4", "2023-04-30"),
        ("sefton", "2023-24 Q1", "2023-07-30"),
        ("wirral", "2021-22", "2022-05-30"),
        ("wirral", "2022-23", "2023-05-30"),  # until further notice
        ("halton", "2022-23 H2", "2023-04-05"),
        ("halton", "2023-24 H1", "2023-10-05"),
    ]
    now = owed_by(tmp_path, date(2023, 1, 1))
    assert [o.period for o in now] == ["2022-11", "2022-12", "2021-22"]


def test_what_is_put_on_record_later_is_not_owed_yet(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "obligations.csv").write_text(
        "return,sender,part,every,first_period,last_period,due_days_after_end,recorded_on\n"
        "finance_vendors,halton,,month,2022-11,2022-12,10,2021-03-31\n"
        "finance_vendors,sefton,,month,2022-11,2022-12,10,2023-12-01\n"
        "finance_vendors,halton,,month,2022-12,2022-12,20,2023-12-01\n"
    )
    before = [(o.sender, o.period, o.due.day) for o in owed_by(tmp_path, date(2023, 11, 30))]
    assert before == [("halton", "2022-11", 10), ("halton", "2022-12", 10)]
    after = [(o.sender, o.period, o.due.day) for o in owed_by(tmp_path, date(2023, 12, 1))]
    assert sorted(after) == [
        ("halton", "2022-11", 10),
        ("halton", "2022-12", 20),
        ("sefton", "2022-11", 10),
        ("sefton", "2022-12", 10),
    ]


def test_the_shipped_seed_owes_every_return_for_two_years(settings: Settings, at: At) -> None:
    at("2023-07-01")
    owed = Counter(str(r["return"]) for r in status(settings))
    suppliers = owed.pop("supplier_returns")
    assert 350 < suppliers <= 60 * 8
    assert owed == {
        "finance_payments": 2 * 24,
        "finance_vendors": 24,
        "finance_control_totals": 24,
        "finance_investments": 8,
        "hr_workforce": 8,
        "procurement_contracts": 8,
        "procurement_commitments": 8,
        "validations": 8,
        "service_returns": 5 * 8,
        "commitment_progress": 5 * 4,
        "reference_deprivation": 2,
    }


def test_what_nobody_owes_is_listed_without_a_due_day(
    settings: Settings, take: Take, at: At
) -> None:
    take(payments(), "halton_2022-04.csv")
    found = [r for r in status(settings) if r["sender"] == "halton"]
    assert [(r["due"], r["late_days"], r["outcome"]) for r in found] == [(None, None, "loaded")]


def test_a_rejected_return_says_so_until_a_good_one_comes(
    settings: Settings, take: Take, at: At
) -> None:
    at("2022-05-09")
    assert take("Vendor,Town\nAcme,Leeds\n", return_name="finance_vendors").outcome == "rejected"
    rejected = row(settings, "finance_vendors", "2022-04")
    assert (rejected["outcome"], rejected["rows_loaded"]) == ("rejected", 0)
    at("2022-05-11")
    take(vendors(), return_name="finance_vendors")
    loaded = row(settings, "finance_vendors", "2022-04")
    assert (loaded["outcome"], loaded["rows_loaded"]) == ("loaded", 2)


def test_a_held_replacement_leaves_the_return_in_force_as_it_was(
    settings: Settings, take: Take, at: At
) -> None:
    at("2022-05-12")
    take(payments(10), "lcrca_2022-04_corporate.csv")
    at("2022-05-13")
    assert take(payments(2), "lcrca_2022-04_corporate.csv").outcome == "held"
    standing = row(settings, PAYMENTS, "2022-04", "corporate")
    assert (standing["outcome"], standing["rows_loaded"]) == ("loaded", 10)
    assert [r["severity"] for r in list_findings(settings)] == ["hold"]


def parts_then_whole(take: Take) -> Ingested:
    take(payments(3), "lcrca_2022-04_corporate.csv")
    take(payments(4), "lcrca_2022-04_transport.csv")
    return take(payments(9), "lcrca_2022-04.csv")


def test_a_whole_delivery_beside_parts_is_held(settings: Settings, take: Take, at: At) -> None:
    at("2022-05-12")
    assert parts_then_whole(take).outcome == "held"
    assert row(settings, PAYMENTS, "2022-04")["outcome"] == "held"
    assert row(settings, PAYMENTS, "2022-04", "corporate")["outcome"] == "loaded"


def test_parts_are_superseded_once_the_whole_is_confirmed(
    settings: Settings, take: Take, at: At
) -> None:
    at("2022-05-12")
    held = parts_then_whole(take)
    confirm_return(settings, held.returns[0], "Head of Finance", "The whole month in one file")
    assert row(settings, PAYMENTS, "2022-04")["outcome"] == "loaded"
    for part in ("corporate", "transport"):
        assert row(settings, PAYMENTS, "2022-04", part)["outcome"] == "superseded"


def test_a_whole_delivery_answers_for_every_part_that_is_owed(
    settings: Settings, take: Take, at: At
) -> None:
    at("2022-05-20")
    take(payments(9), "lcrca_2022-04.csv")
    at("2022-06-20")
    for part in ("corporate", "transport"):
        owed = row(settings, PAYMENTS, "2022-04", part)
        assert (owed["outcome"], owed["late_days"]) == ("loaded", 5)
        assert owed["rows_loaded"] == 0  # they are counted once, with the whole
    assert row(settings, PAYMENTS, "2022-04")["rows_loaded"] == 9


def chased(settings: Settings) -> list[tuple[object, object]]:
    from prefect.logging import disable_run_logger

    from flows.operations.scheduled import chase

    with disable_run_logger():
        rows = chase.fn(settings.home)
    return [(r["return"], r["part"]) for r in rows if r["period"] == "2022-04"]


def test_only_what_is_late_and_not_there_is_chased(settings: Settings, take: Take, at: At) -> None:
    at("2022-05-12")
    take(payments(), "lcrca_2022-04_corporate.csv")
    assert chased(settings) == [("finance_control_totals", ""), ("finance_vendors", "")]
    at("2022-05-16")
    assert chased(settings) == [
        ("finance_control_totals", ""),
        (PAYMENTS, "transport"),
        ("finance_vendors", ""),
    ]


def test_what_was_rejected_in_time_and_never_sent_again_is_chased(
    settings: Settings, take: Take, at: At
) -> None:
    at("2022-05-09")
    take("Vendor,Town\nAcme,Leeds\n", return_name="finance_vendors")
    assert ("finance_vendors", "") not in chased(settings)
    at("2022-05-11")
    assert ("finance_vendors", "") in chased(settings)


def test_nobody_is_chased_on_a_bank_holiday(settings: Settings, at: At) -> None:
    at("2022-06-03")
    assert clock.now().date() == date(2022, 6, 3)
    assert chased(settings) == []
