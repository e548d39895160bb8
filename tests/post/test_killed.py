"""A collect that is killed at any step, and run once more, loses nothing and doubles nothing."""

import multiprocessing
import os
from pathlib import Path

import pytest

from flows.intake.inbox import waiting
from flows.intake.rules import read_rules
from tests.support.posted import BOUNDARIES, KILLED, Posted, collect_and_die
from tests.support.small_returns import payments

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["tests.support.posted"])


@pytest.mark.parametrize(
    "boundary", range(len(BOUNDARIES)), ids=[f"{when}-{name}" for _, name, when in BOUNDARIES]
)
def test_one_more_run_brings_each_file_once(
    boundary: int, posted: Posted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    source = {"id": "drop", "address": str(drop), "senders": ["birch"], "afterwards": "moved"}
    posted.declare(source)
    sent = {f"birch_2022-0{month}.csv": payments(month).encode() for month in (4, 5, 6)}
    for number, (name, content) in enumerate(sent.items()):
        (drop / name).write_bytes(content)
        os.utime(drop / name, (1_657_000_000 + number,) * 2)
    monkeypatch.setenv("SOCIAL_VALUE_AUTHORITY", str(posted.folder))
    environment = {name: text for name, text in os.environ.items() if "SOCIAL_VALUE" in name}
    home = str(posted.settings.home)
    process = context.Process(target=collect_and_die, args=(home, boundary, 2, environment))
    process.start()
    process.join(120)
    assert process.exitcode == KILLED
    posted.collect()
    came = waiting(posted.settings, read_rules(posted.settings))
    assert [(one.path.name, one.sender) for one in came] == [(name, "birch") for name in sent]
    assert [one.path.read_bytes() for one in came] == list(sent.values())
    assert len(posted.events("collected")) == len(sent)
    assert list(posted.settings.post.iterdir()) == []
    assert all(path.parts[-2] == "done" for path in drop.rglob("*.csv"))
