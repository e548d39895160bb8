"""A command by hand starts no server, and leaves what a run of Prefect's does."""

import subprocess
import sys
from contextlib import ExitStack
from datetime import datetime

import duckdb
import pytest

from flows.common.settings import Settings
from flows.intake.inbox import waiting
from flows.intake.rules import Rules
from flows.operations import batches, ingest
from flows.operations.record import LogRecord
from flows.warehouse.connection import writing
from tests.support.left_behind import lines_of
from tests.support.small_returns import PAYMENTS, payments
from tests.support.social_value import Command, clean_environment, rows_of

WITHOUT_PREFECT = """
import sys
from flows.commands.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
assert "prefect" not in sys.modules
"""


def test_a_file_by_hand_is_taken_in_without_prefect(plain: Command) -> None:
    file = plain.file("lcrca_2022-04_corporate.csv", payments(3))
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PREFECT, "ingest", file, "--return", PAYMENTS],
        env={**clean_environment(), **plain.environment},
        cwd=plain.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (plain.home / "prefect").exists()
    line, ended = lines_of(plain.home)
    assert (line["flow"], line["event"], line["outcome"]) == ("ingest", "taken in", "loaded")
    assert (ended["event"], ended["words"]) == ("ended", "1 file: 1 loaded")
    assert datetime.fromisoformat(line["time"]).tzinfo
    assert (plain.home / "log").stat().st_mode & 0o777 == 0o700


@pytest.mark.xdist_group("prefect")
def test_by_hand_and_by_prefect_come_to_the_same(plain: Command, server: str) -> None:
    file = plain.file("lcrca_2022-04_corporate.csv", payments(3, extra=["2022-04-28,Acme,TBC,t,S"]))
    words = ("ingest", file, "--return", PAYMENTS, "--json", "--home")
    by_hand = plain(*words, plain.folder / "hand")
    by_prefect = plain(*words, plain.folder / "prefect-home", PREFECT_API_URL=server)
    assert rows_of(by_hand) == rows_of(by_prefect)
    assert by_hand.status == by_prefect.status == 0


@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_who_wants_the_run_on_record_has_it(plain: Command) -> None:
    del plain.environment["PREFECT_HOME"]
    file = plain.file("lcrca_2022-04_corporate.csv", payments(3))
    said = plain("ingest", file, "--return", PAYMENTS, "--with-prefect", "--json")
    assert said.status == 0, said.err
    assert (plain.home / "prefect" / "prefect.db").stat().st_size > 0


def test_a_busy_warehouse_is_waited_for(
    settings: Settings, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody's file is refused because somebody else's is being kept."""
    path = settings.inbox / PAYMENTS / "lcrca_2022-04_corporate.csv"
    path.parent.mkdir(parents=True)
    path.write_text(payments(3), encoding="utf-8")
    waited: list[float] = []
    with duckdb.connect() as connection:
        holding = ExitStack()
        holding.enter_context(writing(settings, connection))

        def wait(seconds: float) -> None:
            waited.append(seconds)
            holding.close()

        monkeypatch.setattr(batches.time, "sleep", wait)
        hasty = settings.model_copy(update={"wait_seconds": 0})
        batch = waiting(settings, rules)
        (done,) = ingest.side_by_side(batch, rules, hasty, LogRecord(hasty, "ingest"))
    assert done is not None
    assert (done.outcome, waited) == ("loaded", [batches.PATIENCE[0]])
