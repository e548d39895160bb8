"""Who reads while files are kept and models are built sees whole Keeps and whole builds only.

Ten Keeps and two builds in the suite; a hundred Keeps in `make faults`.
"""

import os
import time
from pathlib import Path

import duckdb
import pytest

from flows.common.settings import Settings, settings_for
from flows.intake.rules import Rules, read_rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in
from flows.modelling.build import build
from flows.returns.identity import Hints
from flows.warehouse.connection import reading
from flows.warehouse.proof.integrity import check
from tests.support.apart import started
from tests.support.disturbed import KEY
from tests.support.small_files import payments

KEEPS = 100 if int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "5")) > 5 else 10
BUILDS_AFTER = (KEEPS // 3, KEEPS)
FEWEST = 3  # rows of the first file; each of the others corrects it, and has one more
KEPT = """
    select (select count(*) from warehouse.ledger.events),
           (select count(*) from warehouse.ledger.returns),
           (select count(*) from warehouse.landed.finance_payments),
           (select count(distinct _return_id) from warehouse.landed.finance_payments)
"""
BUILT = """
    select (select count(*) from marts.fct_payments),
           (select count(distinct _return_id) from marts.fct_payments),
           (select count(*) from marts.built_from)
"""


def keep_and_build(home: str, folder: str, environment: dict[str, str]) -> None:
    """Keep one file after the other, and build twice."""
    os.environ.update(environment)
    settings = settings_for(Path(home))
    rules = read_rules(settings)
    for number in range(1, KEEPS + 1):
        keep(settings, Path(folder), number, rules)
        if number in BUILDS_AFTER:
            build(settings)


def keep(settings: Settings, folder: Path, number: int, rules: Rules | None = None) -> None:
    path = folder / "lcrca_2022-04.csv"
    path.write_text(payments(FEWEST + number))
    sent = Submission(path, "finance_payments", Hints(), False)
    done = take_in(sent, rules or read_rules(settings), settings)
    assert done.outcome == "loaded", done.reason


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_read_is_of_whole_keeps_and_whole_builds(
    settings: Settings, postcodes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIAL_VALUE_KEY", KEY)
    settings = settings_for(settings.home)
    settings.reference.parent.mkdir(parents=True)
    os.link(postcodes, settings.reference)
    keep(settings, tmp_path, 0)
    seen: list[tuple[int, ...]] = []
    builds: set[tuple[int, ...]] = set()
    process = started(keep_and_build, str(settings.home), str(tmp_path))
    while process.is_alive():
        seen.append(kept(settings))
        if settings.analysts.exists():
            builds.add(built(settings))
        time.sleep(0.2)  # who reads a file without a pause keeps its writers out
    process.join(30)
    assert process.exitcode == 0
    seen.append(kept(settings))
    builds.add(built(settings))
    wanted = [(n + 1, n + 1, landed_after(n), n + 1) for n in range(KEEPS + 1)]
    assert seen == sorted(seen)  # nobody sees what was before what he has seen
    assert set(seen) <= set(wanted)
    assert seen[-1] == wanted[-1]
    assert len(set(seen)) > 3  # else it was too quick for the test to say anything
    assert builds == {(FEWEST + number, 1, 1) for number in BUILDS_AFTER}
    assert check(settings) == []


def landed_after(number: int) -> int:
    """The rows that are there after so many corrections of the first file."""
    return sum(FEWEST + one for one in range(number + 1))


def kept(settings: Settings) -> tuple[int, ...]:
    """What is kept, by two looks in one reading."""
    with reading(settings) as connection:
        looks = []
        for pause in (0.02, 0):
            looks.append(connection.execute(KEPT).fetchall()[0])
            time.sleep(pause)
    assert looks[0] == looks[1], "it changed under a reader"
    return looks[0]


def built(settings: Settings) -> tuple[int, ...]:
    """What is modelled, by two looks through one connection."""
    with duckdb.connect(str(settings.analysts), read_only=True) as connection:
        looks = [connection.execute(BUILT).fetchall()[0] for _ in range(2)]
    assert looks[0] == looks[1], "it changed under a reader"
    return looks[0]
