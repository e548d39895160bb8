"""What a sweep hands to workers, and what came of it: a folder of the home, a file a batch.

Senders' files are named in it, and never in Prefect: a run is given the folder's name and a
number. The folder is locked for as long as its sweep lives. What a sweep that was killed has left
is removed by the next.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.common import clock
from flows.common.errors import SocialValueError
from flows.common.files import written_whole
from flows.common.locks import locked
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.lanes import Queued
from flows.intake.submission import Ingested, Look, Submission
from flows.returns.identity import Hints
from flows.warehouse.filing import Counts

NAME = re.compile(r"[0-9a-f]{16}")
POLL = 0.2  # seconds between two looks at a folder that others write, on a disk they may share


class SweepOver(SocialValueError):
    """The sweep that a batch belongs to has ended: its files wait for the next."""


@dataclass(frozen=True)
class Handed:
    """A batch as a sweep hands it out: with the digest of its rules, and the sweep's clock."""

    batch: Queued
    rules: str
    clock: dict[str, str]


@dataclass(frozen=True)
class Ended:
    """What came of a batch: an answer for each file, or the fault that it failed by."""

    answers: list[Ingested | None]
    fault: str = ""


@dataclass(frozen=True)
class SweepFolder:
    """The batches of a sweep by their numbers, for every process that sees the home."""

    path: Path

    def put(self, number: int, batch: Queued, rules: str) -> None:
        """Write a batch for whoever takes it; `rules`: the digest of what it is to be judged by.

        Whoever that is has the clock of this process, and keeps as of the same moment.
        """
        content = {
            "files": [_from_submission(one) for one in batch.files],
            "label": batch.label,
            "after": list(batch.after),
            "rules": rules,
            "clock": clock.as_set(),
        }
        self._write(f"{number}.batch", content)

    def batch(self, number: int) -> Handed:
        """A batch, as it was handed out. Raises SweepOver."""
        content = self._read(f"{number}.batch")
        if content is None:
            raise SweepOver("The sweep that this batch belongs to is over.")
        files = [_to_submission(one) for one in content["files"]]
        batch = Queued(files, content["label"], tuple(content["after"]))
        return Handed(batch, content["rules"], content["clock"])

    @contextmanager
    def take(self, number: int) -> Iterator[bool]:
        """Be the one that takes the batch in, as all can see until the block ends.

        False where another is. Raises SweepOver.
        """
        try:
            handle = os.open(self.path / f"{number}.taken", os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            yield False
            return
        except FileNotFoundError:
            raise SweepOver("The sweep that this batch belongs to is over.") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield True
        finally:
            os.close(handle)

    def is_left(self, number: int) -> bool:
        """Whether somebody took the batch who is no more, and did not say what came of it."""
        taken = self.path / f"{number}.taken"
        return taken.exists() and not _is_held(taken) and self.ended(number) is None

    def end(self, number: int, ended: Ended) -> None:
        """Say what came of a batch; what was said first stands."""
        content = {"answers": [_from_answer(one) for one in ended.answers], "fault": ended.fault}
        with suppress(FileNotFoundError, FileExistsError):  # nobody waits for it any more
            self._write(f"{number}.ended", content, overwrite=False)

    def ended(self, number: int) -> Ended | None:
        """What came of a batch; None while it is under way."""
        content = self._read(f"{number}.ended")
        if content is None:
            return None
        return Ended([_to_answer(one) for one in content["answers"]], content["fault"])

    def is_alive(self) -> bool:
        """Whether the sweep still goes on."""
        return _is_held(self.path / "sweep.lock")

    def _write(self, name: str, content: dict[str, Any], *, overwrite: bool = True) -> None:
        with written_whole(self.path / name, overwrite=overwrite) as partial:
            partial.write_text(json.dumps(content), encoding="ascii")

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads((self.path / name).read_text(encoding="ascii"))
        except FileNotFoundError:
            return None
        return found


class FolderTurns:
    """The turns of a sweep's batches, which processes of several machines take in."""

    def __init__(self, folder: SweepFolder, after: Sequence[int]) -> None:
        """`after`: the numbers of those that this process's batch waits for."""
        self._folder = folder
        self._after = after
        self._well: dict[int, bool] = {}

    def may_begin(self, number: int) -> bool:
        """Wait for those that it must find; False where one of them has failed."""
        return all(self._wait_for(one) for one in self._after)

    def wait_to_keep(self, number: int) -> None:
        """Wait until all before it have ended. Raises SweepOver where the sweep has, before."""
        for one in range(number):
            self._wait_for(one)
        self._expect_alive()

    def end(self, number: int, is_well: bool) -> None:
        """Whoever took the batch says in the folder what came of it."""

    def _wait_for(self, number: int) -> bool:
        while number not in self._well:
            if ended := self._folder.ended(number):
                self._well[number] = not ended.fault
                break
            self._expect_alive()
            time.sleep(POLL)
        return self._well[number]

    def _expect_alive(self) -> None:
        if not self._folder.is_alive():
            raise SweepOver("The sweep that this batch belongs to is over: its files wait.")


def _is_held(path: Path) -> bool:
    """Whether a living process has the lock of a file."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def folder_of(settings: Settings, name: str) -> SweepFolder:
    """The folder of that name. Raises SweepOver where it can be none."""
    if not NAME.fullmatch(name):
        raise SweepOver("No sweep is called so.")
    return SweepFolder(settings.home / "sweeps" / name)


@contextmanager
def new_folder(settings: Settings) -> Iterator[SweepFolder]:
    """A folder for a sweep, locked and there until the block ends; left ones are removed."""
    base = settings.home / "sweeps"
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in base.iterdir():
        old = SweepFolder(left)
        if (left / "sweep.lock").exists() and not old.is_alive():
            shutil.rmtree(left, ignore_errors=True)
    folder = SweepFolder(base / secrets.token_hex(8))
    folder.path.mkdir(mode=0o700)
    try:
        with locked(folder.path / "sweep.lock", what="a sweep"):
            yield folder
    finally:
        shutil.rmtree(folder.path, ignore_errors=True)


def _from_submission(one: Submission) -> dict[str, object]:
    period = one.hints.period
    return {
        "path": str(one.path),  # bytes that are no UTF-8 stay what they are
        "return_name": one.return_name,
        "hints": [one.hints.sender, period.label if period else None, one.hints.part],
        "again": one.again,
        "name": one.name,
        "archived": one.archived,
        "came_at": one.came_at.isoformat() if one.came_at else None,
        "look": list(asdict(one.look).values()) if one.look else None,
    }


def _to_submission(one: dict[str, Any]) -> Submission:
    sender, period, part = one["hints"]
    return Submission(
        path=Path(one["path"]),
        return_name=one["return_name"],
        hints=Hints(sender, read_period(period) if period else None, part),
        again=one["again"],
        name=one["name"],
        archived=one["archived"],
        came_at=datetime.fromisoformat(one["came_at"]) if one["came_at"] else None,
        look=Look(*one["look"]) if one["look"] else None,
    )


def _from_answer(one: Ingested | None) -> dict[str, object] | None:
    if one is None:
        return None
    counts = {name: str(n) if isinstance(n, Decimal) else n for name, n in vars(one.counts).items()}
    return vars(one) | {"counts": counts}


def _to_answer(one: dict[str, Any] | None) -> Ingested | None:
    if one is None:
        return None
    counts = one["counts"]
    for name in ("amount_total", "amount_quarantined"):
        counts[name] = None if counts[name] is None else Decimal(counts[name])
    return Ingested(**(one | {"counts": Counts(**counts)}))
