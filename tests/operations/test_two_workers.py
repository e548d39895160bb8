"""A small sweep through two workers of a real Prefect server on PostgreSQL, also into a lake."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.common.settings import PROJECT, settings_for
from flows.operations.server.deploy import SILENCE, START
from flows.warehouse.connection import reading
from tests.support.serving import PATIENCE, ask
from tests.support.several_machines import look_there, runs_of, several_machines
from tests.support.small_returns import PAYMENTS, VENDORS, payments, vendors
from tests.support.social_value import Command, clean_environment

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(600)]

ROUNDS = int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "5"))
FILES = {
    PAYMENTS: ("lcrca_2022-04_corporate.csv", payments(3)),
    VENDORS: ("lcrca_2022-04.csv", vendors()),
}


def fill(command: Command) -> None:
    for name, (file, text) in FILES.items():
        command.drop(name, file, text)


def ledger_is_whole(command: Command) -> None:
    """Every file is in once, in one order, and what is in is what the files say."""
    with reading(settings_for(command.home)) as connection:
        kept = connection.execute(
            'select "return", outcome, count(*) from warehouse.ledger.returns '
            "group by all order by 1"
        ).fetchall()
        rows = connection.execute("select count(*) from warehouse.landed.finance_payments")
        assert rows.fetchone() == (3,)
        seqs = connection.execute("select count(*), max(seq) from warehouse.ledger.events")
        assert len(set(seqs.fetchone() or ())) == 1
    assert kept == [(PAYMENTS, "loaded", 1), (VENDORS, "loaded", 1)]
    assert [path for path in (command.home / "inbox").rglob("*") if path.is_file()] == []
    assert list((command.home / "sweeps").iterdir()) == []
    assert command("audit", "check").status == 0


def test_two_workers_take_a_sweep_into_a_lake(
    plain: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into a file they do by make portable: the demo's quarter."""
    command = plain
    with several_machines(command, "--lake") as folder:
        fill(command)
        said = command("ingest", "--json")
        assert said.status == 0, said.err
        assert [row["outcome"] for row in json.loads(said.out)] == ["loaded", "loaded"]
        batches = runs_of(command, "batch")
        assert [one["state_type"] for one in batches] == ["COMPLETED"] * 2, batches
        assert {one["name"] for one in batches} == {"1 file: 1 loaded"}
        told = json.dumps([one["parameters"] for one in batches])
        assert "lcrca" not in told
        assert str(command.home) not in told  # a worker knows its own home
        assert command("deploy").status == 0  # again: nothing is there twice
        url = command.environment["PREFECT_API_URL"]
        password = command.environment["PREFECT_API_AUTH_STRING"]
        assert len(ask(url, "automations/filter", {}, password)) == 2
        deployed = json.dumps(ask(url, "deployments/filter", {}, password))
        assert str(PROJECT) not in deployed  # no machine's path
        assert str(command.home) not in deployed
        secrets = [command.environment["PREFECT_API_AUTH_STRING"].encode()]
        secrets.append((folder / "pgpass").read_bytes().strip().rpartition(b":")[2])
        for log in folder.glob("*.log"):
            assert [secret for secret in secrets if secret in log.read_bytes()] == []
            assert b"Traceback" not in log.read_bytes(), log.read_text()
        look_there(command, monkeypatch)
        ledger_is_whole(command)
        assert not (command.home / "warehouse" / "warehouse.duckdb").exists()
        assert list((folder / "rows").rglob("*.parquet"))


@pytest.mark.skipif(ROUNDS <= 5, reason="make faults runs it: Prefect takes two minutes to notice")
@pytest.mark.parametrize(("when", "seconds"), [("at work", SILENCE), ("starting", START)])
def test_what_a_killed_worker_had_is_taken_over(plain: Command, when: str, seconds: int) -> None:
    command = plain

    def is_time() -> bool:
        if when == "at work":
            return bool(list((command.home / "inbox").rglob(".taken-*/*")))
        return "PENDING" in {one["state_type"] for one in runs_of(command, "batch")}

    with several_machines(command) as folder:
        fill(command)
        with subprocess.Popen(
            [Path(sys.executable).with_name("social-value"), "ingest", "--json"],
            env={**clean_environment(), **command.environment},
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as sweep:
            until = time.monotonic() + PATIENCE
            while not is_time():
                assert sweep.poll() is None, sweep.communicate()
                assert time.monotonic() < until
                time.sleep(0.02)
            for pid in (folder / "node-1.pid", folder / "node-2.pid"):
                kill_with_children(int(pid.read_text()))
            out, err = sweep.communicate(timeout=2 * PATIENCE)
        assert sweep.returncode == 0, err
        assert {row["outcome"] for row in json.loads(out)} == {"loaded"}
        until = time.monotonic() + seconds + PATIENCE  # of that Prefect hears by its silence
        while (
            "CRASHED",
            f"Nothing was heard of it for {seconds} seconds: its worker is dead.",
        ) not in {
            (one["state_type"], one["state"]["message"]) for one in runs_of(command, "batch")
        }:
            assert time.monotonic() < until, runs_of(command, "batch")
            time.sleep(2)
    ledger_is_whole(command)


def kill_with_children(pid: int) -> None:
    """Kill a process and all that it started, as where a machine loses its power."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    dying = [pid]
    for one in dying:
        os.kill(one, signal.SIGSTOP)
        dying += children.get(one, [])
    for one in dying:
        os.kill(one, signal.SIGKILL)
