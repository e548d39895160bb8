"""The `social-value` command as a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.definitions import DEFINITIONS

BIN = Path(sys.executable).parent
COMMAND = os.environ.get("TESTED_COMMAND", str(BIN / "social-value"))  # or one installed elsewhere
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "SOCIAL_VALUE_DEFINITIONS": str(DEFINITIONS),  # of the demo's authority, laid out once
}


FINDING = {
    "id", "return_id", "file", "sheet", "row", "column", "value", "rule", "severity", "dimension",
    "fixed_by", "message", "accepted_by",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What the command said, and its exit status."""

    status: int
    out: str
    err: str

    def json(self) -> object:
        """Standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out, parse_constant=_no_json)


def rows_of(said: Said) -> list[dict[str, Any]]:
    found = said.json()
    assert isinstance(found, list)
    return found


def is_one_sentence(said: Said) -> bool:
    """Whether standard error holds one line for the reader, and no traceback."""
    return len(said.err.strip().splitlines()) == 1 and "Traceback" not in said.err


def _no_json(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


class Command:
    """`social-value` as a process of its own, in a folder of its own, at a set time."""

    def __init__(self, home: Path, folder: Path, environment: dict[str, str]) -> None:
        self.home = home
        self.folder = folder
        self.environment = environment

    def __call__(self, *words: str | Path, **environment: str) -> Said:
        """Run it with these words, in our environment and the variables named besides."""
        done = subprocess.run(
            [COMMAND, *map(str, words)],
            env={**clean_environment(), **self.environment, **environment},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def file(self, name: str, content: str | bytes) -> Path:
        """A file outside the home, as a sender has it on a desk."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def drop(self, return_name: str, name: str, content: str, at: float | None = None) -> Path:
        """A file in the inbox, written at `at` (seconds of the epoch)."""
        path = self.home / "inbox" / return_name / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        if at is not None:
            os.utime(path, (at, at))
        return path


def clean_environment() -> dict[str, str]:
    """The environment without what would reach our settings or Prefect's."""
    ours = ("SOCIAL_VALUE_", "PREFECT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
