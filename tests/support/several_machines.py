"""What docs/several_machines.py starts, for a test: all services, and two workers."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows.common.settings import PROJECT
from flows.warehouse.store.lake.address import Address
from flows.warehouse.store.lake.extensions import missing
from tests.support.in_postgres import server_program
from tests.support.services import cannot_start
from tests.support.serving import PATIENCE, ask
from tests.support.social_value import Command, clean_environment


@contextmanager
def several_machines(command: Command, *words: str) -> Iterator[Path]:
    """What the script starts, with its variables among those of the command; gives its folder."""
    server_program("initdb")  # else the test skips
    if words and (absent := missing(Address("", "", "s3://"))):
        cannot_start(f"{', '.join(absent)} cannot be found")
    base = Path(tempfile.mkdtemp(prefix="several-"))  # folders of tests let nobody pass through
    base.chmod(0o711)
    folder = base / "several"
    log = command.folder / "several.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, PROJECT / "docs" / "several_machines.py", folder, *words],
            env={**clean_environment(), **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        until = time.monotonic() + 2 * PATIENCE
        while "Ready:" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.5)
        for line in (folder / "environment").read_text().splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            command.environment[name] = value.strip("'")
        yield folder
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
    assert process.returncode == 0, log.read_text()
    shutil.rmtree(base)


def look_there(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process look at the warehouse where the command has it."""
    for name, value in command.environment.items():
        if name.startswith(("SOCIAL_VALUE_WAREHOUSE", "SOCIAL_VALUE_KEY", "PG", "AWS_")):
            monkeypatch.setenv(name, value)


def runs_of(command: Command, deployment: str) -> list[dict[str, Any]]:
    """The runs of a deployment, as the server has them, the first to begin first."""
    environment = command.environment
    body = {"deployments": {"name": {"any_": [deployment]}}, "sort": "START_TIME_ASC"}
    password = environment["PREFECT_API_AUTH_STRING"]
    found: list[dict[str, Any]] = ask(
        environment["PREFECT_API_URL"], "flow_runs/filter", body, password
    )
    return found
