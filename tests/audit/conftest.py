"""A small authority whose first quarter went out twice: once as sent, once corrected."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from flows.common.clock import NOW_VARIABLE
from flows.common.settings import Settings, settings_for
from flows.intake.rules import Rules
from tests.support.audited_home import NOT_COPIED, made_once


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory, postcodes: Path, rules: Rules) -> Path:
    """The home, made once for all workers; only to be copied."""
    base = tmp_path_factory.getbasetemp()
    return made_once(base.parent if base.name.startswith("popen-") else base, rules, postcodes)


@pytest.fixture
def home(audited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of that home, for a test to do with as it likes, on 1 September 2022."""
    shutil.copytree(audited, tmp_path / "home", ignore=NOT_COPIED)
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
