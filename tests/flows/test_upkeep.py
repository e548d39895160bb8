"""The month's finance is closed once, on its day; past quarters are filled; the house is kept."""

import os
from datetime import date
from pathlib import Path

import pytest
from small_returns import CONTROLS, Take, controls, payments

from flows.across import judge_across
from flows.closing import close, closes_on
from flows.intake import Rules
from flows.periods import PeriodError, read_period
from flows.settings import Settings
from flows.upkeep import keep_house, quarters
from flows.warehouse.audit import check


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


def test_a_backfill_goes_from_the_first_quarter_to_the_last_that_is_over(
    settings: Settings,
) -> None:
    labels = [one.label for one in quarters("2021-22 Q3", "2030-31 Q1")]
    assert labels == ["2021-22 Q3", "2021-22 Q4", "2022-23 Q1"]  # it is July 2022
    assert [one.label for one in quarters(None, None)] == ["2022-23 Q1"]
    assert quarters("2022-23 Q1", "2021-22 Q4") == []
    with pytest.raises(PeriodError):
        quarters("spring", None)


def test_the_house_is_kept_and_what_is_in_use_stays(settings: Settings) -> None:
    as_of = settings.warehouse.parent / "as-of"
    old, new = as_of / "2021-07-31T235959", as_of / "2022-06-30T235959"
    for folder in (old, new, settings.scratch / "999999999", settings.scratch / str(os.getpid())):
        folder.mkdir(parents=True)
    os.utime(old, (1_600_000_000, 1_600_000_000))
    halves = [
        settings.warehouse.with_name(".restricted.999999999.partial"),
        settings.warehouse.with_name(".restricted.999999999.partial.wal"),
        settings.audit / "disclosure" / "annual" / "2021-22" / ".r1.csv.999999999",
    ]
    for path in halves:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    removed = set(keep_house(settings))
    assert removed == {old, settings.scratch / "999999999", *halves}
    assert not any(Path(path).exists() for path in removed)
    assert new.exists()
    assert (settings.scratch / str(os.getpid())).exists()
