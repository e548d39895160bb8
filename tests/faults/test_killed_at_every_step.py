"""A sweep killed at any step boundary, and run once more, ends as if it had not been disturbed."""

import multiprocessing
import os
import signal

import pytest

from flows.common.settings import settings_for
from tests.support.disturbed import KEY, fill, state
from tests.support.sweeping import BOUNDARIES, sweep, sweep_and_die

VISITS = (1, 3)  # the first file, and one in the middle: the refused one

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(
    ["great_expectations", "expectations.validation", "flows.intake.take_in"]
)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCIAL_VALUE_NOW", "2022-07-11T09:00:00")
        patch.setenv("SOCIAL_VALUE_SETTLE_SECONDS", "0")
        patch.setenv("SOCIAL_VALUE_KEY", KEY)
        settings = settings_for(tmp_path_factory.mktemp("undisturbed"))
        fill(settings)
        sweep(settings)
        return state(settings)


@pytest.mark.parametrize("visit", VISITS)
@pytest.mark.parametrize(
    "boundary",
    range(len(BOUNDARIES)),
    ids=[f"{when}-{name}" for _, name, when in BOUNDARIES],
)
def test_one_more_run_gives_the_undisturbed_state(
    boundary, visit, undisturbed, settings, monkeypatch
):
    monkeypatch.setenv("SOCIAL_VALUE_KEY", KEY)
    settings = settings_for(settings.home)
    fill(settings)
    environment = {name: value for name, value in os.environ.items() if "SOCIAL_VALUE" in name}
    process = context.Process(
        target=sweep_and_die, args=(str(settings.home), boundary, visit, environment)
    )
    process.start()
    process.join(120)
    killed = process.exitcode == -signal.SIGKILL
    assert killed or process.exitcode == 0
    if visit == 1:
        assert killed  # every boundary is reached by the first file
    sweep(settings)
    assert state(settings) == undisturbed


def test_the_undisturbed_state_is_what_the_files_say(undisturbed):
    outcomes = sorted(
        (row[3], row[5], row[6], row[10])
        for row in undisturbed["ledger.returns"]  # type: ignore[attr-defined]
    )
    assert outcomes == [
        ("finance_control_totals", "2022-04", "", "loaded"),
        ("finance_payments", "2022-04", "corporate", "loaded"),
        ("finance_payments", "2022-04", "corporate-v2", "loaded"),
        ("finance_payments", "2022-05", "corporate", "rejected"),
        ("finance_vendors", "2022-04", "", "loaded"),
    ]
