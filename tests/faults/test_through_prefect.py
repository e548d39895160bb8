"""Runs under Prefect that are killed, or whose server is: state stays whole, and the next run ends
as an undisturbed one.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from flows.authority.binding import bind
from flows.common import clock
from flows.common.settings import Settings, settings_for
from flows.demo import AUTHORITY
from tests.support.audited_home import CORRECTED, QUARTER
from tests.support.disturbed import KEY, fill, outcomes, state
from tests.support.modelled import PUBLICATIONS, but_receipts, half_there, publish, published
from tests.support.sweeping import sweep

pytestmark = pytest.mark.slow

ROUNDS = int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "5"))
BIN = Path(sys.executable).parent
PATIENCE = 120


class Desk:
    """Where the command is run from, with what it is told."""

    def __init__(self, settings: Settings, **told: str) -> None:
        self.settings = settings
        own = {"authority": AUTHORITY, "definitions": None}
        bind(settings.model_copy(update=own), earlier=True)  # as `migrate` does
        self.folder = settings.home.parent
        ours = ("SOCIAL_VALUE_", "PREFECT_")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
            "SOCIAL_VALUE_HOME": str(settings.home),
            "SOCIAL_VALUE_AUTHORITY": str(AUTHORITY),
            "PREFECT_SERVER_UI_ENABLED": "false",
            **told,
        }

    def start(self, *words: str, **told: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [BIN / "social-value", *words],
            env={**self.environment, **told},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        process = self.start(*words)
        _, said = process.communicate(timeout=PATIENCE)
        return process.returncode, said

    def run_and_die(self, words: list[str], when: Callable[[], bool]) -> None:
        """Run the command, and kill it and what it started as soon as `when` says so."""
        process = self.start(*words)
        _until(lambda: when() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
        assert process.returncode == -signal.SIGKILL


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@contextmanager
def a_server(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """A Prefect server of our own: its URL, and how to kill it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [BIN / "prefect", "server", "start", "--no-ui", "--port", str(port)],
        env={**os.environ, "PREFECT_HOME": str(folder), "DO_NOT_TRACK": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def kill() -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)

    url = f"http://127.0.0.1:{port}/api"
    try:
        _until(lambda: _answers(f"{url}/health"))
        yield url, kill
    finally:
        if process.poll() is None:
            kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except OSError:
        return False


@pytest.fixture
def desk(modelled_home: Callable[[Path], Settings], tmp_path: Path) -> Desk:
    """The desk of a modelled home, at the moment to publish from it."""
    return Desk(modelled_home(tmp_path), SOCIAL_VALUE_NOW=CORRECTED)


def test_a_publication_survives_the_death_of_its_server(
    desk: Desk, out_undisturbed: tuple[dict[str, object], float], tmp_path: Path
) -> None:
    home = desk.settings
    quarterly = ("publish", "quarterly", QUARTER)
    with a_server(tmp_path / "server") as (url, kill):
        told = {"PREFECT_API_URL": url, "PREFECT_CLIENT_MAX_RETRIES": "1"}
        process = desk.start(*quarterly, **told)
        building = home.published / "quarterly" / "2022-23-Q1"
        _until(lambda: any(building.glob(".building-*")) or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        kill()
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3, said
    last = said.strip().splitlines()[-1]
    assert "Prefect's server cannot be reached" in last
    assert "check PREFECT_API_URL" in last
    assert "Traceback" not in said
    assert half_there(home) == []
    assert desk.run(*quarterly)[0] == 0
    with clock.set_to(datetime.fromisoformat(CORRECTED)):
        publish(home, "annual", "2022-23")
    assert but_receipts(published(home)) == but_receipts(out_undisturbed[0])


@pytest.mark.skipif(ROUNDS <= 5, reason="make faults runs it")
def test_a_publication_killed_under_prefect_is_finished_by_the_next(
    desk: Desk, out_undisturbed: tuple[dict[str, object], float]
) -> None:
    home = desk.settings
    for publication, label in PUBLICATIONS:
        place = home.published / publication / label.replace(" ", "-")
        begun = partial(lambda place: any(place.glob(".building-*")), place)
        desk.run_and_die(["publish", publication, label], begun)
        assert half_there(home) == []
        assert desk.run("publish", publication, label)[0] == 0
    assert but_receipts(published(home)) == but_receipts(out_undisturbed[0])


def test_a_sweep_is_finished_by_the_next(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_KEY", KEY)
    calm = settings_for(tmp_path / "calm")
    for one in (calm, settings):
        fill(one)
    sweep(calm)
    told = {name: value for name, value in os.environ.items() if name.startswith("SOCIAL_VALUE")}
    desk = Desk(settings, **told)
    desk.run_and_die(["ingest"], settings.warehouse.exists)
    assert desk.run("ingest")[0] in (0, 1)  # 1: the refused one is judged now, or was before
    assert outcomes(state(settings)) == outcomes(state(calm))
    assert [path for path in settings.inbox.rglob("*") if path.is_file()] == []
