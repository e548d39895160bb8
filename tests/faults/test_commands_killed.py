"""The commands themselves, killed at random moments: one more run of each ends as if none had been.

The suite kills three of them once. `make faults` kills five a hundred times
(SOCIAL_VALUE_FAULT_ROUNDS=25: five rounds, four kills of each), `serve` with the Prefect server
that it starts for itself.
"""

import os
import random
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.warehouse.connection import reading
from flows.warehouse.proof.integrity import check
from tests.support.audited_home import CORRECTED, QUARTER, paid
from tests.support.killed import Killable, left_over, newest_tables
from tests.support.modelled import half_there
from tests.support.social_value import QUIET, Command, clean_environment

ROUNDS = int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "5")) // 5
KILLS = 4 if ROUNDS > 1 else 1  # of each command in a round
LONGER = {"build", "run"}  # killed by make faults alone; test_killed_while_modelling.py has a build
ARRIVES = "lcrca_2022-07_corporate.csv"  # while all this goes on; it is in no figure of the quarter


@pytest.fixture
def home(fresh: Callable[[Path], Settings], tmp_path: Path) -> Settings:
    """A correction has come and is not modelled, and one more file waits."""
    settings = fresh(tmp_path)
    folder = settings.inbox / "finance_payments"
    folder.mkdir(parents=True)
    (folder / ARRIVES).write_text(paid("2022-07", "10.00", "20.00"), encoding="utf-8")
    return settings


@pytest.fixture
def killable(home: Settings, command: Command) -> Iterator[Killable]:
    """What starts commands of that home, and ends whatever they leave running."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **clean_environment(),
        **command.environment,
        **QUIET,
        "SOCIAL_VALUE_HOME": str(home.home),
        "SOCIAL_VALUE_NOW": CORRECTED,
        "SOCIAL_VALUE_PORT": str(port),
    }
    started = Killable(environment, command.folder)
    yield started
    started.end_all()


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_commands_run_once_more_leave_the_undisturbed_state(
    seed: int, killable: Killable, home: Settings, audited: Path, tmp_path: Path
) -> None:
    moments = random.Random(seed)
    if ROUNDS > 1:  # else commands are runs of the server that all tests share
        killable.environment.pop("PREFECT_API_URL")
    backup = tmp_path / "backup.tar"
    for words in (
        ("serve",),
        ("build",),
        ("publish", "quarterly", QUARTER),
        ("run", QUARTER),
        ("backup", "--to", str(backup)),
    ):
        for number in range(0 if ROUNDS == 1 and words[0] in LONGER else KILLS):
            killable.kill_at_random(words, moments, number % 2 == 1, backup)
            backup.unlink(missing_ok=True)  # killed when it was whole, and nothing said so yet
            assert half_there(home) == [], words
        killable.end_all()
        if words == ("serve",):
            killable.serve_in_order()
        else:
            killable.to_its_end(words)
        assert left_over(home) == [], words

    assert newest_tables(home, QUARTER) == newest_tables(settings_for(audited), QUARTER)
    assert arrivals(home) == [("loaded", 2)]
    assert check(home) == []
    shutil.copy(home.key_path, tmp_path / "restored.key")
    killable.to_its_end(("restore", str(backup), "--home", str(tmp_path / "restored")))
    assert check(settings_for(tmp_path / "restored")) == []


def arrivals(home: Settings) -> list[tuple[str, int]]:
    """What became of the file that waited: it is in force once, whatever was killed."""
    assert not list(home.inbox.rglob(ARRIVES))
    with reading(home) as connection:
        return connection.execute(
            "select outcome, rows_loaded from warehouse.ledger.returns where period = '2022-07'"
        ).fetchall()
