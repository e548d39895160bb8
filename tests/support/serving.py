"""`social-value serve` as a process, and questions to its server."""

import base64
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.social_value import Command, clean_environment

BUSY = 503
PATIENCE = 120  # seconds that a run may take to come and go on a busy machine


def ask(url: str, path: str, body: dict[str, Any], password: str = "", method: str = "POST") -> Any:
    """What Prefect's server answers; asked again while its SQLite is busy, as its clients do."""
    basic = base64.b64encode(password.encode()).decode()
    request = urllib.request.Request(
        f"{url}/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Basic {basic}"},
        method=method,
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
            return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            if error.code != BUSY or time.monotonic() > until:
                raise
        time.sleep(0.5)


@contextmanager
def serving(words: list[str | Path], command: Command) -> Iterator[Path]:
    """A process that serves until the block ends; gives the file of what it says."""
    log = command.folder / "serve.log"
    environment = {
        **clean_environment(),
        **command.environment,
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        "PYTHONUNBUFFERED": "1",
    }
    with log.open("wb") as stream:
        process = subprocess.Popen(
            list(map(str, words)),
            env=environment,
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
        try:
            yield log
        finally:
            # Not as from the keyboard: what a shell runs behind itself may be deaf to that.
            process.terminate()
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=30)
                pytest.fail(f"still there after {PATIENCE} s: {log.read_text()}")
            assert process.returncode == 0, log.read_text()


def finished_run(url: str, deployment: str, log: Path, password: str = "") -> dict[str, Any]:
    """The first run of the deployment that ended well; fails when the patience is over."""
    until = time.monotonic() + PATIENCE
    runs: list[dict[str, Any]] = []
    while time.monotonic() < until:
        body = {"deployments": {"name": {"any_": [deployment]}}, "sort": "START_TIME_ASC"}
        runs = ask(url, "flow_runs/filter", body, password)
        ended = [run for run in runs if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED")]
        if ended:
            return ended[0]
        time.sleep(0.5)
    pytest.fail(f"no run of {deployment} ended: {runs}\n{log.read_text()}")
