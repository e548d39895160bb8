"""A publication killed at any step boundary or moment leaves no half release; one more run gives
the bytes of an undisturbed one, but for the receipt.
"""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.warehouse.proof.integrity import check
from tests.support.modelled import (
    OF_PUBLISHING,
    PUBLICATIONS,
    half_there,
    publish,
    publish_and_die,
    publish_in_steps,
    published,
)

# Random moments are for make faults: in the suite test_commands_killed.py has some.
ROUNDS = int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "5")) // 5 - 1
EVERY = {"quarterly": 3, "annual": 1 if ROUNDS else 2}  # boundary, so many of them apart
KILLS = 2  # of each publication in a round, one after the other in the same home

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(
    ["great_expectations", "flows.modelling.build", "flows.publishing.release"]
)


@pytest.fixture
def home(
    modelled_home: Callable[[Path], Settings], tmp_path: Path, environment: dict[str, str]
) -> Settings:
    """The corrected quarter is modelled, and nothing of it is published."""
    return modelled_home(tmp_path)


def test_one_more_run_gives_the_undisturbed_state(
    home: Settings, environment: dict[str, str], out_undisturbed: tuple[dict[str, object], float]
) -> None:
    """A year at every boundary or each second one, a revision of a quarter at every third."""
    for publication, label in PUBLICATIONS:
        for number, (_, name, when, _) in enumerate(OF_PUBLISHING):
            if number % EVERY[publication]:
                continue
            words = (str(home.home), publication, label, number, environment)
            process = context.Process(target=publish_and_die, args=words)
            process.start()
            process.join(120)
            assert process.exitcode == -signal.SIGKILL, (publication, when, name)
            assert half_there(home) == [], (publication, when, name)
        publish(home, publication, label)
    assert published(home) == out_undisturbed[0]
    assert check(home) == []


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_at_random_moments_one_more_run_gives_the_undisturbed_state(
    seed: int,
    home: Settings,
    environment: dict[str, str],
    out_undisturbed: tuple[dict[str, object], float],
) -> None:
    moments = random.Random(seed)
    for publication, label in PUBLICATIONS:
        for _ in range(KILLS):
            words = (str(home.home), publication, label, environment)
            process = context.Process(target=publish_in_steps, args=words)
            process.start()
            process.join(moments.uniform(0.1, out_undisturbed[1]))
            process.kill()
            process.join(30)
            assert half_there(home) == []
        publish(home, publication, label)
    assert published(home) == out_undisturbed[0]
