"""A build killed at any step boundary or moment leaves the former tables or the new ones, whole;
one more run ends as if nothing had happened.

The models are made once, really; the kills after it are of builds that take a copy of them.
"""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.modelling import build as modelling
from flows.modelling.build import build
from tests.support.modelled import (
    OF_BUILD,
    build_and_die,
    build_in_steps,
    modelled,
    models_of,
    tables_of,
)

KILLS = int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "5")) // 5  # while dbt is at work
SECONDS = 8.0  # of a build, on a quick machine

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(
    ["great_expectations", "flows.modelling.build", "flows.publishing.release"]
)


@pytest.fixture(scope="module")
def wanted(audited: Path) -> dict[str, object]:
    return modelled(settings_for(audited))


@pytest.fixture(scope="module")
def former(audited: Path) -> dict[str, object]:
    return tables_of(settings_for(audited.with_name("before")).analysts)


@pytest.fixture
def home(fresh: Callable[[Path], Settings], tmp_path: Path) -> Settings:
    """The correction came in, and is not modelled yet."""
    return fresh(tmp_path)


def test_one_more_build_gives_the_undisturbed_state(
    home: Settings,
    models_made: Path,
    environment: dict[str, str],
    wanted: dict[str, object],
    former: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert former != wanted["analysts"]
    for number, (_, name, when, _) in enumerate(OF_BUILD):
        words = (str(home.home), str(models_made), number, environment)
        process = context.Process(target=build_and_die, args=words)
        process.start()
        process.join(120)
        assert process.exitcode == -signal.SIGKILL, (when, name)
        last = number == len(OF_BUILD) - 1
        assert tables_of(home.analysts) == (wanted["analysts"] if last else former), (when, name)
    monkeypatch.setattr(modelling, "make_models", models_of(models_made))
    build(home)
    assert modelled(home) == wanted


@pytest.mark.slow
def test_killed_while_dbt_is_at_work_the_next_build_waits_for_it_and_is_whole(
    home: Settings,
    environment: dict[str, str],
    wanted: dict[str, object],
    former: dict[str, object],
) -> None:
    moments = random.Random(8)
    for _ in range(KILLS):
        process = context.Process(target=build_in_steps, args=(str(home.home), environment))
        process.start()
        process.join(moments.uniform(1, SECONDS))
        process.kill()
        process.join(30)
        assert process.exitcode == -signal.SIGKILL
        assert tables_of(home.analysts) == former
    build(home)
    assert modelled(home) == wanted
