"""Commands that are killed while they run, and what they leave: processes and files."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from uuid import uuid4

from flows.common.settings import Settings
from tests.support.social_value import BIN

MARK = "KILLED_IN_ROUND"  # in the environment of all that we start, servers of their own included
PATIENCE = 300
LONGEST = {"serve": 12.0, "build": 20.0, "publish": 20.0, "run": 25.0, "backup": 4.0}


class Killable:
    """Starts `social-value` in process groups of their own, and knows what is left of them."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = {**environment, MARK: uuid4().hex}
        self.folder = folder
        self.log = folder / "killed.log"
        self.groups: list[int] = []

    def kill_at_random(
        self, words: tuple[str, ...], moments: random.Random, alone: bool, made: Path
    ) -> None:
        """Kill a command in the middle, `alone` or with all it started; sooner where quick.

        `made` is removed where the command was quicker than its kill: it is made only once.
        """
        longest = LONGEST[words[0]]
        for _ in range(8):
            process = self._start(words)
            try:
                ended = process.wait(timeout=moments.uniform(0.1, longest))
                assert ended == 0, (words, self._said())
                made.unlink(missing_ok=True)
            except subprocess.TimeoutExpired:
                if alone:
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return
            longest /= 2
        raise AssertionError(f"{words} was quicker than each of its kills")

    def to_its_end(self, words: tuple[str, ...]) -> None:
        """Run a command undisturbed."""
        process = self._start(words)
        process.wait(timeout=PATIENCE)
        assert process.returncode == 0, (words, self._said())

    def serve_in_order(self) -> None:
        """Serve until all is announced, and stop as a service manager does."""
        process = self._start(("serve",))
        until = time.monotonic() + PATIENCE
        while "Stop with" not in self._said() and process.poll() is None:
            assert time.monotonic() < until, self._said()
            time.sleep(0.2)
        process.terminate()
        process.wait(timeout=PATIENCE)
        assert process.returncode == 0, self._said()

    def end_all(self) -> None:
        """End what a killed command left running: its group, and servers with a session apart."""
        for group in self.groups:
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.groups.clear()
        mark = f"{MARK}={self.environment[MARK]}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    os.kill(int(folder.name), signal.SIGKILL)
            except (OSError, ValueError):
                continue

    def _start(self, words: tuple[str, ...]) -> "subprocess.Popen[bytes]":
        environment = dict(self.environment)
        if words == ("serve",):  # its server is its own
            environment.pop("PREFECT_API_URL", None)
        with self.log.open("wb") as log:  # a file: what is left running would hold a pipe open
            process = subprocess.Popen(
                [BIN / "social-value", *words],
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.groups.append(process.pid)
        return process

    def _said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]


def left_over(settings: Settings) -> list[str]:
    """Partial files and folders, in the home and beside it, and scratch folders."""
    places = [*settings.home.rglob("*"), *settings.home.parent.iterdir()]
    partial = [path for path in places if ".partial" in path.name or ".building-" in path.name]
    scratch = list(settings.scratch.iterdir()) if settings.scratch.is_dir() else []
    return sorted(map(str, {*partial, *scratch}))


def newest_tables(settings: Settings, quarter: str) -> dict[str, bytes]:
    """The tables of the quarter's newest release."""
    folder = settings.published / "quarterly" / quarter.replace(" ", "-")
    newest = max(folder.glob("r*"), key=lambda path: int(path.name[1:]))
    tables = {path.name: path.read_bytes() for path in newest.rglob("*.csv")}
    assert len(tables) > 10
    return {f"{newest.name}/{name}": content for name, content in tables.items()}
