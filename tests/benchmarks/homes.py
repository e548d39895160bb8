"""Homes that parts of the benchmark work in, and commands by hand in them."""

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from flows.common import clock
from flows.common.settings import Settings, settings_for
from flows.intake.rules import read_rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.warehouse.connection import reading
from flows.warehouse.ledger import newest
from tests.benchmarks.measured import MOMENT, ROOT
from tests.benchmarks.payments import write_payments, write_vendors

BIN = Path(sys.executable).parent


def small_home(folder: Path, rows: int) -> Path:
    """A home with a payments file of so many rows, and its vendors."""
    settings = settings_for(folder / "home")
    vendors = folder / "vendors" / "lcrca_2022-04.csv"
    vendors.parent.mkdir()
    write_vendors(vendors)
    write_payments(folder / "lcrca_2022-04.csv", rows)
    with clock.set_to(datetime.fromisoformat(MOMENT)):
        rules = read_rules(settings)
        for path, name in (
            (vendors, "finance_vendors"),
            (folder / "lcrca_2022-04.csv", "finance_payments"),
        ):
            done = take_in(Submission(path, name), rules, settings)
            if done.outcome != "loaded":
                raise RuntimeError(f"{done.outcome}: {done.reason}")
    return settings.home


def ended(home: Path) -> str:
    """When the newest event of a home was: its clock goes on from there."""
    with reading(Settings(home=home)) as connection:
        found = newest(connection)
    if found is None:
        raise RuntimeError(f"{home}: nothing has happened there")
    return found.at.isoformat()


def command_seconds(rounds: int, *words: str, now: str = MOMENT) -> float:
    """How long a command by hand takes, Python's start and all, without a server: the best."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run(
            [BIN / "social-value", *words],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "SOCIAL_VALUE_NOW": now},
        )
        took.append(time.perf_counter() - began)
    return min(took)
