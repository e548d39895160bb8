"""The home with a corrected quarter, with what was made of it."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from flows.common import clock
from flows.common.settings import Settings, settings_for
from tests.support.audited_home import CORRECTED
from tests.support.modelled import PUBLICATIONS, publish, published

Fresh = Callable[[Path], Settings]


@pytest.fixture(scope="session")
def models_made(audited: Path) -> Path:
    """The folder with what was made of it, before it was handed over."""
    return audited.with_name("models-made")


@pytest.fixture(scope="session")
def fresh(audited: Path) -> Fresh:
    """Copy that home as it was when its correction had come; the models are of before."""

    def copied(to: Path) -> Settings:
        shutil.copytree(audited.with_name("before"), to / "home")
        shutil.copy(audited.with_name("home.key"), to / "home.key")
        return settings_for(to / "home")

    return copied


@pytest.fixture(scope="session")
def modelled_home(audited: Path, fresh: Fresh) -> Fresh:
    """The same, with the correction modelled and not published."""

    def copied(to: Path) -> Settings:
        settings, made = fresh(to), settings_for(audited)
        shutil.copy(made.analysts, settings.analysts)
        shutil.copy(made.restricted, settings.restricted)
        return settings

    return copied


@pytest.fixture(scope="session")
def out_undisturbed(
    modelled_home: Fresh, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, object], float]:
    """What both publications leave that nothing disturbed, and how many seconds one took."""
    home = modelled_home(tmp_path_factory.mktemp("undisturbed"))
    began = time.monotonic()
    with clock.set_to(datetime.fromisoformat(CORRECTED)):
        for publication, label in PUBLICATIONS:
            publish(home, publication, label)
    return published(home), (time.monotonic() - began) / len(PUBLICATIONS)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a process that we start is told."""
    monkeypatch.setenv("SOCIAL_VALUE_NOW", CORRECTED)
    return {name: value for name, value in os.environ.items() if "SOCIAL_VALUE" in name}
