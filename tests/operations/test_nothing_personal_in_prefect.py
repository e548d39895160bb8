"""What Prefect keeps of runs names returns and hashes: no content of a file, and nobody's name."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from flows.intake.rules import Rules
from tests.support.canaries import good_files, traces_in
from tests.support.social_value import Command, clean_environment

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.slow]
HR = "hr_workforce"
REPLAY = f"""
import sys
from datetime import datetime
from pathlib import Path
from flows.commands.options import with_prefect
with with_prefect(None) as settings:
    from flows.demo.made.authority.delivery import Delivery
    from flows.demo.replay import receive
    path = Path(sys.argv[1])
    came = Delivery(datetime(2022, 7, 20, 9), {HR!r}, path.name, path.read_bytes(), "")
    print([one.outcome for one in receive([[came]], settings.home)])
"""


@pytest.fixture
def owner(plain: Command) -> Command:
    """The command with Prefect's state where it is by itself: in the home."""
    del plain.environment["PREFECT_HOME"]
    return plain


def people(rules: Rules) -> bytes:
    """A return of the workforce, with people in every column that can have them."""
    return next(content for name, _, content in good_files(rules) if name == HR)


def parameters_of(home: Path) -> str:
    with sqlite3.connect(f"file:{home / 'prefect' / 'prefect.db'}?mode=ro", uri=True) as database:
        return str(database.execute("select name, parameters from flow_run").fetchall())


def test_a_file_that_is_let_arrive_stands_nowhere_in_clear(owner: Command, rules: Rules) -> None:
    sent = owner.file("lcrca_2022-23-q1.csv", people(rules))
    done = subprocess.run(
        [sys.executable, "-c", REPLAY, sent],
        env={**clean_environment(), **owner.environment},
        cwd=owner.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "['loaded']", done.stderr
    assert "<Private>" in parameters_of(owner.home)
    assert traces_in(owner.home) == []


def test_a_file_called_after_a_person_is_named_by_its_hash(owner: Command, rules: Rules) -> None:
    sent = owner.file("zebediah-quackenbush_2022-23-q1.csv", people(rules))
    said = owner("ingest", sent, "--return", HR, "--json", "--with-prefect")
    assert said.status == 0, said.err
    assert traces_in(owner.home / "warehouse", ["quackenbush_2022-23-q1"])  # the ledger has it
    for folder in ("prefect", "log"):
        assert traces_in(owner.home / folder) == []
        assert traces_in(owner.home / folder, [HR])
