"""Whatever disturbs a sweep, one more run ends as if nothing had: kills, a full disk, other sweeps.

`make faults` runs a hundred kills (SOCIAL_VALUE_FAULT_ROUNDS=25 rounds of four); the suite runs 20.
"""

import os
import random
import threading
import time

import pytest

from flows.common.settings import Settings, settings_for
from flows.intake.claim import claimed, leave_inbox
from flows.intake.inbox import waiting
from flows.intake.rules import Rules
from flows.intake.take_in import take_in
from tests.support import disturbed
from tests.support.apart import killed_at_random, started
from tests.support.disturbed import FILES, KEY, fill, outcomes, state
from tests.support.sweeping import (
    ingest_all,
    sweep,
    sweep_in_steps,
    sweep_on_a_full_disk,
    sweep_without_a_right,
)

ROUNDS = int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "5"))
KILLS = 4  # in a round, one after the other in the same home


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home whose inbox is full, with the key that all share."""
    monkeypatch.setenv("SOCIAL_VALUE_KEY", KEY)
    settings = settings_for(settings.home)
    fill(settings)
    return settings


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], float]:
    """The state after a sweep that nothing disturbed, and how many seconds it took."""
    return disturbed.undisturbed(tmp_path_factory, fill)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_at_random_moments_one_more_run_gives_the_undisturbed_state(
    seed: int, undisturbed: tuple[dict[str, object], float], settings: Settings
) -> None:
    wanted, seconds = undisturbed
    moments = random.Random(seed)
    killed = killed_at_random(sweep_in_steps, str(settings.home), moments, seconds / 2, KILLS)
    assert killed >= 1  # else it was too quick for the test to say anything
    sweep(settings)
    assert state(settings) == wanted


@pytest.mark.parametrize("largest", [0, 4_000, 300_000, 1_000_000])
def test_on_a_full_disk_nothing_is_half_kept(
    largest: int, undisturbed: tuple[dict[str, object], float], settings: Settings
) -> None:
    process = started(sweep_on_a_full_disk, str(settings.home), largest)
    process.join(60)
    assert process.exitcode == 1 or (process.exitcode == 0 and largest >= 300_000)
    sweep(settings)
    assert state(settings) == undisturbed[0]


def test_a_file_that_may_not_be_read_waits_and_holds_no_other_up(
    undisturbed: tuple[dict[str, object], float], settings: Settings
) -> None:
    shut = settings.inbox / "finance_vendors" / "lcrca_2022-04.csv"
    shut.chmod(0o000)
    process = started(sweep_without_a_right, str(settings.home))
    process.join(60)
    assert process.exitcode == 0
    left = [path.name for path in settings.inbox.rglob("*") if path.is_file()]
    assert left == [shut.name]
    shut.chmod(0o644)
    sweep(settings)
    assert outcomes(state(settings)) == outcomes(undisturbed[0])


def test_two_sweeps_at_once_take_each_file_in_once_and_in_order_of_arrival(
    undisturbed: tuple[dict[str, object], float], settings: Settings
) -> None:
    both = [started(ingest_all, str(settings.home)) for _ in range(2)]
    for process in both:
        process.join(120)
    assert [process.exitcode for process in both] == [0, 0]
    assert not [path for path in settings.inbox.rglob("*") if path.is_file()]
    assert outcomes(state(settings)) == outcomes(undisturbed[0])


def test_a_file_that_is_still_being_written_is_taken_when_it_is_whole(
    settings: Settings, rules: Rules
) -> None:
    patient = settings.model_copy(update={"settle_seconds": 1.0})
    for path in settings.inbox.rglob("*.csv"):
        path.unlink()
    name, file, _ = FILES[0]
    path = settings.inbox / name / file
    lines = [f"{day:02d}/04/2022,Acme,10.00\n" for day in range(1, 21)]

    def write() -> None:
        with path.open("w") as stream:
            stream.write("Date paid,Supplier name,Net amount\n")
            for line in lines:
                stream.write(line)
                stream.flush()
                time.sleep(0.1)

    writer = threading.Thread(target=write)
    writer.start()
    taken = []
    until = time.monotonic() + 20
    while not taken and time.monotonic() < until:
        with claimed(waiting(patient, rules), patient) as files:
            for file in filter(None, files):
                assert not writer.is_alive(), "it was taken half written"
                taken.append(take_in(file, rules, patient))
                leave_inbox(file, taken[-1])
        time.sleep(0.2)
    writer.join()
    assert [(one.outcome, one.counts.loaded) for one in taken] == [("loaded", 20)]
