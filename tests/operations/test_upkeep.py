"""The month's finance is closed once, on its day; past quarters are filled; the house is kept."""

import os
from datetime import date
from pathlib import Path

import pytest

from flows.common.periods import PeriodError, read_period
from flows.common.settings import Settings
from flows.intake.across import judge_across
from flows.intake.rules import Rules
from flows.operations.upkeep import (
    LARGEST_LOG,
    asked_for,
    close,
    closed_months,
    closes_on,
    fill,
    keep_house,
)
from flows.warehouse.proof.integrity import check
from tests.support.small_returns import CONTROLS, Take, controls, payments


def test_a_month_is_looked_over_once_and_late_after_an_outage(
    settings: Settings, take: Take, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(payments(3, "2022-06"), "lcrca_2022-06_corporate.csv")
    take(controls("2022-06", corporate=(3, "999.00")), "lcrca_2022-06.csv", CONTROLS)
    judge_across(rules, settings)
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-07-25T07:45:00")
    assert closes_on(settings, date(2022, 7, 20)) is None
    month = closes_on(settings, date(2022, 7, 25))  # four days after its day
    assert month == read_period("2022-06")
    rows = {(row["return"], row["part"]): row for row in close(settings, month)}
    assert rows["finance_payments", "corporate"]["outcome"] == "loaded"
    assert rows["finance_payments", "transport"]["outcome"] == "missing"
    assert rows["finance_payments", "corporate"]["rows_loaded"] == 3
    assert rows["finance_control_totals", ""]["open_findings"] == 1  # 999.00 is not 301.50
    assert closes_on(settings, date(2022, 7, 26)) is None
    assert check(settings) == []


MONTHS = [f"finance_close {label}" for label in ("2022-04", "2022-05", "2022-06")]


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        ("2022-05", "2022-05", MONTHS[1:2]),
        ("2022-23 Q1", "2022-23 Q1", [*MONTHS, "quarterly 2022-23 Q1"]),
        ("2022-05", "2030-31 Q1", MONTHS[1:]),  # it is July 2022, and the quarter is not whole
        (None, None, [*MONTHS, "quarterly 2022-23 Q1"]),
        ("2022-23", None, [*MONTHS, "quarterly 2022-23 Q1"]),
        ("2022-23 Q1", "2021-22 Q4", []),
        (
            "2022-03",
            "2022-23 H1",
            ["finance_close 2022-03", *MONTHS, "quarterly 2022-23 Q1"],
        ),
    ],
)
def test_a_backfill_asks_for_what_lies_whole_in_the_range_and_is_over(
    first: str | None, last: str | None, wanted: list[str], settings: Settings
) -> None:
    assert [f"{what} {one.label}" for what, one in asked_for(first, last)] == wanted


def test_a_month_of_a_backfill_is_closed_once(settings: Settings) -> None:
    (asked,) = asked_for("2022-05", "2022-05")
    rows = [fill(settings, *asked, closed_months(settings), None) for _ in range(2)]
    assert [row["outcome"] for row in rows] == ["closed", "there already"]
    assert rows[0]["why"] == "4 returns are not loaded"
    assert closed_months(settings) == {"2022-05"}


def test_a_backfill_of_a_year_ends_with_its_annual_review(settings: Settings) -> None:
    found = [f"{what} {one.label}" for what, one in asked_for("2021-22", "2021-22")]
    assert len(found) == 12 + 4 + 1
    assert found[-3:] == ["finance_close 2022-03", "quarterly 2021-22 Q4", "annual 2021-22"]
    with pytest.raises(PeriodError):
        asked_for("spring", None)


def test_the_house_is_kept_and_what_is_in_use_stays(settings: Settings) -> None:
    as_of = settings.warehouse.parent / "as-of"
    old, new = as_of / "2021-07-31T235959", as_of / "2022-06-30T235959"
    for folder in (old, new, settings.scratch / "999999999", settings.scratch / str(os.getpid())):
        folder.mkdir(parents=True)
    os.utime(old, (1_600_000_000, 1_600_000_000))
    halves = [
        settings.warehouse.with_name(".restricted.duckdb.999999999-1.partial"),
        settings.warehouse.with_name(".restricted.duckdb.999999999-1.partial.wal"),
        settings.audit / "disclosure" / "annual" / "2021-22" / ".r1.csv.999999999-1.partial",
    ]
    for path in halves:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    settings.log_file.parent.mkdir()
    settings.log_file.write_bytes(b" " * (LARGEST_LOG + 1))
    removed = set(keep_house(settings))
    assert [path.name for path in settings.log_file.parent.iterdir()] == [
        "social-value.before.jsonl"
    ]
    assert removed == {old, settings.scratch / "999999999", *halves}
    assert not any(Path(path).exists() for path in removed)
    assert new.exists()
    assert (settings.scratch / str(os.getpid())).exists()
