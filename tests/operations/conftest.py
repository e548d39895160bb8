"""What the tests of the flows share: one Prefect server, one modelled quarter, and the command."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.small_returns import (
    CONTROLS,
    FORMULA_LIKE,
    PAYMENTS,
    VENDORS,
    controls,
    payments,
    vendors,
)
from tests.support.social_value import QUIET, Command, Said, clean_environment

SERVER = Path(__file__).parents[1] / "support" / "server_while_wanted.py"
STARTUP_SECONDS = 120


@pytest.fixture(scope="session", autouse=True)
def prefect_stays_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing of Prefect's is written into the home of whoever runs the tests."""
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    os.environ.update(QUIET)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of the run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@contextmanager
def _alone(path: Path) -> Iterator[Path]:
    """Hold a lock that the workers share; gives the path of the note they leave each other."""
    with path.with_suffix(".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield path


@pytest.fixture(scope="session")
def server(shared: Path) -> Iterator[str]:
    """The URL of a real Prefect server: whoever is first starts it; it ends with the last user."""
    with (shared / "server.users").open("a") as using:
        fcntl.flock(using, fcntl.LOCK_SH)
        with _alone(shared / "server.url") as note:
            if not note.exists():
                note.write_text(_start(shared, note))
        yield note.read_text()


def _start(shared: Path, note: Path) -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (shared / "server.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, SERVER, str(port), shared / "server.users", note],
            env={**clean_environment(), **QUIET, "PREFECT_HOME": str(shared / "server")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}/api"
    for _ in range(STARTUP_SECONDS * 4):
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=1):
                return url
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.25)
    raise RuntimeError((shared / "server.log").read_text())


def _command(home: Path, folder: Path, postcodes: Path) -> Command:
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **QUIET,
        "SOCIAL_VALUE_HOME": str(home),
        "SOCIAL_VALUE_POSTCODES": str(postcodes),
        "SOCIAL_VALUE_NOW": "2022-07-25T09:00:00",
        "SOCIAL_VALUE_SETTLE_SECONDS": "0",
        "PREFECT_HOME": str(folder / "prefect"),
    }
    return Command(home, folder, environment)


@pytest.fixture
def plain(tmp_path: Path, postcodes: Path) -> Command:
    """The command with an empty home, for what never asks Prefect."""
    return _command(tmp_path / "home", tmp_path / "desk", postcodes)


@pytest.fixture
def command(plain: Command, server: str) -> Command:
    """The command with an empty home, and the server that all tests share."""
    plain.environment["PREFECT_API_URL"] = server
    return plain


@pytest.fixture(scope="session")
def quarter(shared: Path, postcodes: Path, server: str) -> Command:
    """A quarter that went from the inbox to its release by `social-value run`; only to be read."""
    command = _command(shared / "quarter" / "home", shared / "quarter" / "desk", postcodes)
    command.environment["PREFECT_API_URL"] = server
    with _alone(shared / "quarter.json") as note:
        if not note.exists():
            fill_inbox(command)
            said = command("run", "2022-23 Q1", "--json")
            note.write_text(json.dumps([said.status, said.out, said.err]))
    return command


@pytest.fixture(scope="session")
def ran(quarter: Command, shared: Path) -> Said:
    """What `social-value run "2022-23 Q1" --json` said of that quarter."""
    return Said(*json.loads((shared / "quarter.json").read_text()))


def fill_inbox(command: Command) -> None:
    """April to June 2022: two parts, the vendor master and control totals that tie."""
    for month in ("2022-04", "2022-05", "2022-06"):
        odd = [f"{month}-28,{name},10.25,{month}/x,S2" for name in FORMULA_LIKE]
        command.drop(PAYMENTS, f"lcrca_{month}_corporate.csv", payments(6, month, odd))
        bad = f"{month}-28,Acme Ltd,TBC,{month}/t,S1"
        command.drop(PAYMENTS, f"lcrca_{month}_transport.csv", payments(2, month, [bad]))
        command.drop(VENDORS, f"lcrca_{month}.csv", vendors())
        totals = controls(month, corporate=(10, "644.00"), transport=(3, "201.00"))
        command.drop(CONTROLS, f"lcrca_{month}.csv", totals)
