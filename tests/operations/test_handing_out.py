"""A sweep's batches handed to processes that share the home: in order, once, whoever dies."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.intake import take_in as intake
from flows.intake.rules import Rules, read_rules
from flows.operations import workers
from flows.operations.ingest import ingest
from flows.operations.record import LogRecord
from flows.operations.sweep_folder import (
    Ended,
    FolderTurns,
    SweepFolder,
    SweepOver,
    folder_of,
    new_folder,
)
from flows.operations.workers import BatchFailed, take_in_handed
from tests.support.disturbed import KEY, fill, state
from tests.support.small_returns import PAYMENTS, VENDORS

SPAWN = multiprocessing.get_context("spawn")
Judge = Callable[..., None]


def slowly(returns: dict[str, float]) -> None:
    """Let the judge take longer over some returns."""
    judge = intake.judge_files

    def late(opened: list[object], batch: intake.Batch) -> None:
        time.sleep(returns.get(batch.contract.return_name, 0))
        judge(opened, batch)  # type: ignore[arg-type]

    intake.judge_files = late  # type: ignore[assignment]


def fails(kind: str) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device, of jane-smith.csv")

    if kind == "full disk":
        intake.judge_files = full  # type: ignore[assignment]


def work(home: str, sweep: str, number: int, given: dict[str, str], how: dict[str, float]) -> None:
    """What a worker's run does, in a process of its own."""
    os.environ.update(given)
    if "full disk" in how:
        fails("full disk")
    slowly(how)
    settings = settings_for(Path(home))
    take_in_handed(sweep, number, read_rules(settings), settings, LogRecord(settings, "batch"))


class Processes:
    """A pool of processes; `how` the judge is slowed in them, and which batch's is killed, when."""

    def __init__(self, settings: Settings, how: dict[str, float], killed: int = -1) -> None:
        self.settings, self.how, self.killed = settings, how, killed
        self.begun: list[tuple[str, dict[str, object]]] = []
        self.processes: list[multiprocessing.process.BaseProcess] = []

    def begin(self, deployment: str, called: str, parameters: dict[str, object]) -> str:
        assert deployment == workers.DEPLOYMENT
        self.begun.append((called, parameters))
        told = {n: v for n, v in os.environ.items() if n.startswith("SOCIAL_VALUE_")}
        environment = {**told, "SOCIAL_VALUE_NOW": ""}  # a worker's own clock is its machine's
        words = (str(self.settings.home), parameters["sweep"], parameters["number"])
        process = SPAWN.Process(target=work, args=(*words, environment, self.how))
        process.start()
        self.processes.append(process)
        return str(len(self.processes) - 1)

    def has_ended(self, run: str) -> bool:
        process = self.processes[int(run)]
        if int(run) == self.killed and process.is_alive():
            taken = list(self.settings.inbox.rglob(".taken-*/*"))
            if taken and process.pid:
                os.kill(process.pid, signal.SIGKILL)
                process.join()
        return self.killed < 0 and not process.is_alive()  # Prefect does not know of a death


class Nobody(Processes):
    """A pool without workers."""

    def begin(self, deployment: str, called: str, parameters: dict[str, object]) -> str:
        self.begun.append((called, parameters))
        return str(len(self.begun) - 1)

    def has_ended(self, run: str) -> bool:
        return False


class Record(LogRecord):
    def __init__(self, settings: Settings, pool: Processes) -> None:
        super().__init__(settings, "ingest")
        self.pool = pool  # type: ignore[assignment]


@pytest.fixture
def calm(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What is there after a sweep that nobody disturbs, by threads."""
    monkeypatch.setenv("SOCIAL_VALUE_KEY", KEY)
    home = settings_for(tmp_path / "calm")
    fill(home)
    ingest(None, home, LogRecord(home, "ingest"))
    fill(settings)
    return state(home)


def handed(settings: Settings, pool: Processes, at_once: int = 2) -> dict[str, object]:
    update = {"sweep_by": "workers", "side_by_side": at_once}
    chosen = settings_for(settings.home).model_copy(update=update)  # with the key
    ingest(None, chosen, Record(chosen, pool))
    return state(settings)


@pytest.mark.slow
def test_processes_that_share_a_home_leave_what_one_sweep_does(
    calm: dict[str, object], settings: Settings
) -> None:
    """The first takes longest, so the others have judged and wait for their turn."""
    pool = Processes(settings, {PAYMENTS: 2.0})
    assert handed(settings, pool, 3) == calm
    assert len(pool.begun) == 4
    told = json.dumps(pool.begun)
    assert "lcrca" not in told  # senders' names, as files have them, stay in the home
    assert list((settings.home / "sweeps").iterdir()) == []


@pytest.mark.slow
def test_what_a_killed_worker_had_is_taken_in_by_the_sweep(
    calm: dict[str, object], settings: Settings
) -> None:
    pool = Processes(settings, {PAYMENTS: 5.0}, killed=0)
    assert handed(settings, pool) == calm
    assert pool.processes[0].exitcode == -signal.SIGKILL


def test_where_no_worker_comes_the_sweep_does_it_itself(
    calm: dict[str, object], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 0.0)
    monkeypatch.setattr(workers, "LOOKS", 0.0)
    pool = Nobody(settings, {})
    assert handed(settings, pool) == calm


@pytest.mark.slow
def test_a_worker_that_fails_says_so_and_every_file_waits(
    calm: dict[str, object], settings: Settings
) -> None:
    waiting = sorted(path for path in settings.inbox.rglob("*") if path.is_file())
    with pytest.raises(BatchFailed, match=r"A worker failed to take in .*: OSError$"):
        handed(settings, Processes(settings, {"full disk": 1}), 1)
    assert sorted(path for path in settings.inbox.rglob("*") if path.is_file()) == waiting
    assert list((settings.home / "sweeps").iterdir()) == []


def test_a_worker_whose_sweep_is_over_or_unknown_does_nothing(
    settings: Settings, rules: Rules
) -> None:
    record = LogRecord(settings, "batch")
    for name in ("", "../../warehouse", "0" * 16):
        with pytest.raises(SweepOver):
            take_in_handed(name, 0, rules, settings, record)
    with new_folder(settings) as folder:
        turns = FolderTurns(folder, ())
        assert folder.is_alive()
        with folder.take(0) as first, folder.take(0) as second:
            assert (first, second, folder.is_left(0)) == (True, False, False)
        assert folder.is_left(0)
    with pytest.raises(SweepOver):
        turns.wait_to_keep(1)
    with pytest.raises(SweepOver):
        turns.wait_to_keep(0)
    folder.end(0, Ended([None]))  # nobody waits for it
    assert folder.ended(0) is None


def test_what_a_killed_sweep_left_goes_and_what_another_has_stays(settings: Settings) -> None:
    left = settings.home / "sweeps" / ("a" * 16)
    left.mkdir(parents=True)
    (left / "sweep.lock").touch()
    with new_folder(settings) as first:
        assert not left.exists()
        with new_folder(settings) as second:
            assert first.is_alive()
            assert folder_of(settings, second.path.name) == second
            with SweepFolder(first.path).take(3) as is_own:
                assert is_own


def test_a_worker_with_other_rules_takes_nothing_in(
    settings: Settings, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.intake.lanes import queue_of
    from flows.intake.submission import Submission

    path = settings.inbox / VENDORS / "lcrca_2022-04.csv"
    path.parent.mkdir(parents=True)
    path.write_text("Supplier ID,Supplier name,Postcode\n7,Acme,L3 1BP\n")
    (batch,) = queue_of([Submission(path, VENDORS)], rules)
    with new_folder(settings) as folder:
        folder.put(0, batch, "of another version")
        with pytest.raises(workers.OtherRules):
            take_in_handed(folder.path.name, 0, rules, settings, LogRecord(settings, "batch"))
        ended = folder.ended(0)
        assert ended is not None
        assert ended.fault.startswith("This worker has other contracts")
    assert path.exists()
