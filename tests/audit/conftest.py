"""A small authority whose first quarter went out twice: once as sent, once corrected."""

import fcntl
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from audited_home import CORRECTED, FIRST, clock_at, first_quarter, paid, publish, send, totals

from flows.across import judge_across
from flows.clock import NOW_VARIABLE
from flows.intake import Rules
from flows.settings import Settings, settings_for


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory, postcodes: Path, rules: Rules) -> Path:
    """The home, made once for all workers; only to be copied."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if base.name.startswith("popen-") else base) / "audited"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            _make(settings_for(shared / "home"), rules, postcodes)
            (shared / "done").touch()
    return shared / "home"


def _make(settings: Settings, rules: Rules, postcodes: Path) -> None:
    settings.reference.parent.mkdir(parents=True)
    os.link(postcodes, settings.reference)
    first_quarter(settings, rules)
    publish(settings, FIRST)
    with clock_at("2022-08-22T10:00:00"):
        text = paid("2022-05", "1500.00", "3000.00")
        send(settings, rules, "lcrca_2022-05_corporate.csv", "finance_payments", text)
        control = totals("2022-05", 2, "4500.00")
        send(settings, rules, "lcrca_2022-05.csv", "finance_control_totals", control)
        judge_across(rules, settings)
    publish(settings, CORRECTED)


@pytest.fixture
def home(audited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of that home, for a test to do with as it likes, on 1 September 2022."""
    shutil.copytree(audited, tmp_path / "home", ignore=shutil.ignore_patterns("dbt", "scratch"))
    shutil.copy(audited.with_name("home.key"), tmp_path / "home.key")
    monkeypatch.setenv(NOW_VARIABLE, "2022-09-01T09:00:00")
    return settings_for(tmp_path / "home")


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """Let the clock stand on a day."""

    def stand(day: str) -> datetime:
        monkeypatch.setenv(NOW_VARIABLE, f"{day}T09:00:00")
        return datetime.fromisoformat(f"{day}T09:00:00")

    return stand
