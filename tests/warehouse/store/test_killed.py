"""A sweep killed around its commit, and run once more, leaves the same in either store.

The suite kills it at each moment that matters and a few times at random; `make faults` more often.
"""

import os
import random
import signal
from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.warehouse.connection import reading
from flows.warehouse.proof.integrity import check
from tests.support import disturbed
from tests.support.apart import killed_at_random, started
from tests.support.disturbed import KEY, fill, state
from tests.support.in_postgres import Cluster
from tests.support.sweeping import BOUNDARIES, sweep, sweep_and_die, sweep_in_steps
from tests.warehouse.store.test_lake import wait_until_blocked

ROUNDS = int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "5")) // 5
KILLS = 4  # in a round, one after the other in the same home
FENCE = "ledger.head"  # of a lake alone
MOMENTS = {
    "before its rows are written": ("_land", "before"),
    "when all is written and nothing committed": ("keep", "after"),
    "right after the commit": ("_keep_together", "after"),
    "when the file is still in the inbox": ("keep_batch", "after"),
}


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with two files in its inbox."""
    monkeypatch.setenv("SOCIAL_VALUE_KEY", KEY)
    settings = settings_for(settings.home)
    two_files(settings)
    return settings


def two_files(settings: Settings) -> None:
    fill(settings)
    for path in settings.inbox.rglob("*.csv"):
        if path.name not in ("lcrca_2022-04_corporate.csv", "lcrca_2022-04_corporate-v2.csv"):
            path.unlink()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], float]:
    """What a sweep leaves in a file that nothing disturbed, and how many seconds it took."""
    return disturbed.undisturbed(tmp_path_factory, two_files)


def one_more_sweep_gives(wanted: dict[str, object], home: Settings) -> None:
    """Sweep undisturbed: every row and file is as it would have been, and the ledger checks."""
    sweep(home)
    found = state(home)
    found.pop(FENCE, None)
    assert found == wanted
    assert check(home) == []


def boundary(name: str, when: str) -> int:
    """Where it stands among the steps of a sweep."""
    return next(at for at, (_, *step) in enumerate(BOUNDARIES) if step == [name, when])


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_around_its_commit(
    moment: str, home: Settings, undisturbed: tuple[dict[str, object], float]
) -> None:
    process = started(sweep_and_die, str(home.home), boundary(*MOMENTS[moment]), 1)
    process.join(120)
    assert process.exitcode == -signal.SIGKILL
    assert rows_of(home) == (0 if moment.startswith(("before", "when all")) else 2)
    if home.warehouse_at and moment.startswith("when all"):
        assert len(list(Path(home.warehouse_data).rglob("*.parquet"))) == 1  # and it is nobody's
    one_more_sweep_gives(undisturbed[0], home)


def rows_of(home: Settings) -> int:
    """The payments that are kept."""
    with reading(home) as connection:
        there = connection.execute(
            "select 1 from duckdb_tables() where database_name = 'warehouse' "
            "and table_name = 'finance_payments'"
        ).fetchall()
        if not there:
            return 0
        rows = connection.execute("select count(*) from warehouse.landed.finance_payments")
        return int(rows.fetchall()[0][0])


@pytest.mark.slow
@pytest.mark.parametrize("store", ["lake"])
def test_killed_while_its_commit_waits_for_the_catalogue(
    home: Settings, server: Cluster, undisturbed: tuple[dict[str, object], float]
) -> None:
    assert rows_of(home) == 0  # and so the catalogue is there
    database = home.warehouse_at.split("dbname=")[1].split()[0]
    with server.connection(database) as connection, connection.cursor() as cursor:
        cursor.execute("lock table social_value.ducklake_snapshot in exclusive mode")
        process = started(sweep_in_steps, str(home.home))
        wait_until_blocked(server, database)
        process.kill()
        process.join(30)
        connection.rollback()
    one_more_sweep_gives(undisturbed[0], home)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_at_random_moments(
    seed: int,
    home: Settings,
    store: str,
    undisturbed: tuple[dict[str, object], float],
) -> None:
    wanted, seconds = undisturbed
    moments, longest = random.Random(seed), seconds * (1 if store == "lake" else 0.5)
    killed = killed_at_random(sweep_in_steps, str(home.home), moments, longest, KILLS)
    assert killed >= 1  # else it was too quick for the test to say anything
    one_more_sweep_gives(wanted, home)
