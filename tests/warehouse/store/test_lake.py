"""The lake alone: who lost the lock cannot fork the chain, and no password is left anywhere."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from flows.common import clock
from flows.common.settings import PROJECT, Settings, settings_for
from flows.intake.submission import Ingested
from flows.warehouse import ledger
from flows.warehouse.connection import NotCommitted, open_scratch, reading, writing
from flows.warehouse.copies.backup import back_up, restore
from flows.warehouse.proof.integrity import check
from flows.warehouse.store.chosen import store_of
from flows.warehouse.store.lake import store as lake
from flows.warehouse.store.lake.address import LakeNotSaid, address_of
from flows.warehouse.store.lake.session import LockLost
from flows.warehouse.store.lake.store import AnotherWarehouse
from tests.support.filled_home import head
from tests.support.in_postgres import PASSWORD, Cluster
from tests.support.services import NEEDED, s3
from tests.support.small_files import payments
from tests.warehouse.store.conftest import in_a_lake

Take = Callable[..., Ingested]


@pytest.fixture
def database(
    settings: Settings, server: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The database of the lake that the settings say."""
    return in_a_lake(server, tmp_path / "files", monkeypatch)


@pytest.fixture
def store() -> str:
    """None of the contract's: the lake is said by `database`."""
    return "file"


@pytest.fixture
def here(settings: Settings, database: str) -> Settings:
    """A lake in which one thing has happened."""
    there = settings_for(settings.home)
    note(there, "first")
    return there


def note(settings: Settings, subject: str) -> None:
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, "closed", subject, {}, clock.now())


def note_while(settings: Settings, something: Callable[[], None]) -> None:
    """Write an event, and let something happen before it is committed."""
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, "closed", "never", {}, clock.now())
        something()


def subjects(settings: Settings) -> list[str]:
    with reading(settings) as connection:
        return [event.subject for event in ledger.read_events(connection)]


@contextmanager
def no_lock(*_: object, **__: object) -> Iterator[tuple[()]]:
    yield ()


@pytest.mark.parametrize("after", ["nothing", "it was compacted"])
def test_without_the_lock_the_fence_raises_and_nothing_forks(
    here: Settings, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    if after != "nothing":
        store_of(here).compact()
    with monkeypatch.context() as patch:
        patch.setattr(lake.LakeStore, "locked", no_lock)
        with pytest.raises(NotCommitted, match="nothing was kept"):
            note_while(here, lambda: note(here, "theirs"))
    assert subjects(here) == ["first", "theirs"]
    assert check(here) == []


def end_sessions(server: Cluster, database: str) -> int:
    """Have the server end every session that holds a lock of the lake's."""
    with server.connection(database) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
        )
        return len(cursor.fetchall())


def test_a_lock_that_the_server_has_taken_away_fails_the_commit(
    here: Settings, server: Cluster, database: str
) -> None:
    ended: list[int] = []
    with pytest.raises(LockLost, match="nothing was kept"):
        note_while(here, lambda: ended.append(end_sessions(server, database)))
    assert ended == [1]
    note(here, "second")
    assert subjects(here) == ["first", "second"]
    assert check(here) == []


APPENDS = """
import sys
from pathlib import Path
from flows.common import clock
from flows.common.settings import settings_for
from flows.warehouse import ledger
from flows.warehouse.connection import held, open_scratch, transaction
settings = settings_for(Path(sys.argv[1]))
with open_scratch(settings) as scratch:
    for number in range(int(sys.argv[3])):
        with held(settings, scratch), transaction(scratch):
            ledger.append(scratch, "closed", f"{sys.argv[2]} {number}", {}, clock.now())
"""


def started(settings: Settings, name: str, times: int) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-c", APPENDS, str(settings.home), name, str(times)]
    return subprocess.Popen(words, cwd=PROJECT)


def test_three_processes_side_by_side_have_one_chain(here: Settings) -> None:
    running = [started(here, name, 4) for name in ("a", "b", "c")]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    found = subjects(here)
    assert len(found) == 13
    for name in ("a", "b", "c"):
        assert [one for one in found if one.startswith(name)] == [f"{name} {n}" for n in range(4)]
    assert check(here) == []


def test_a_writer_killed_while_its_commit_waits_leaves_a_ledger_that_checks(
    here: Settings, server: Cluster, database: str
) -> None:
    with server.connection(database) as connection, connection.cursor() as cursor:
        cursor.execute("lock table social_value.ducklake_snapshot in exclusive mode")
        process = started(here, "killed", 1)
        wait_until_blocked(server, database)
        process.send_signal(signal.SIGKILL)
        process.wait()
        connection.rollback()
    note(here, "second")
    assert subjects(here)[-1] == "second"
    assert set(subjects(here)) <= {"first", "killed 0", "second"}
    assert check(here) == []


def wait_until_blocked(server: Cluster, database: str) -> None:
    until = time.monotonic() + 60
    with server.connection(database) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        while time.monotonic() < until:
            cursor.execute(
                "select count(*) from pg_stat_activity "
                "where datname = current_database() and wait_event_type = 'Lock'"
            )
            if cursor.fetchone() != (0,):
                return
            time.sleep(0.05)
    pytest.fail("nobody waited for the catalogue")


def test_from_a_file_to_a_lake_and_back_the_ledger_is_the_same(
    settings: Settings, take: Take, server: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup of either store is the way into the other."""
    take(payments(10))
    before = head(settings)
    back_up(settings, tmp_path / "of-a-file.tar")
    in_a_lake(server, tmp_path / "files", monkeypatch)
    shared = settings_for(tmp_path / "shared").model_copy(update={"key_file": settings.key_path})
    restore(shared, tmp_path / "of-a-file.tar")
    assert not shared.warehouse.exists()
    assert head(shared) == before
    assert check(shared) == []
    back_up(shared, tmp_path / "of-a-lake.tar")
    again = shared.model_copy(update={"home": tmp_path / "again", "warehouse_at": ""})
    restore(again, tmp_path / "of-a-lake.tar")
    assert head(again) == before
    assert check(again) == []
    elsewhere = shared.model_copy(update={"home": tmp_path / "elsewhere"})
    note(shared, "it went on")
    with pytest.raises(AnotherWarehouse):
        restore(elsewhere, tmp_path / "of-a-file.tar")
    assert not elsewhere.home.exists()


def test_no_password_is_left_in_the_home(here: Settings) -> None:
    with store_of(here).for_dbt():
        for path in here.home.rglob("*"):
            assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("update", "says"),
    [
        ({"warehouse_at": "postgres:host=x"}, "leave it empty for a file in the home"),
        ({"warehouse_at": "ducklake:postgres:host=x password=y"}, "^[^y]*has a password in it"),
        ({"warehouse_data": ""}, "does not say where the lake's files lie"),
        ({"warehouse_data": "there"}, "name it from / or s3:// on"),
        ({"warehouse_schema": 'x"; drop'}, "name a schema in small letters"),
    ],
)
def test_a_lake_that_is_said_wrongly_is_refused(
    settings: Settings, update: dict[str, str], says: str
) -> None:
    told = {"warehouse_at": "ducklake:postgres:host=x dbname=y", "warehouse_data": "/there"}
    with pytest.raises(LakeNotSaid, match=says) as refused:
        address_of(settings.model_copy(update=told | update))
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(
    find_spec("duckdb_extension_httpfs") is None and NEEDED not in os.environ,
    reason="DuckDB's httpfs is not installed",
)
def test_rows_may_lie_in_an_object_store_and_are_forgotten_there_too(
    settings: Settings,
    server: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import boto3

    in_a_lake(server, tmp_path / "unused", monkeypatch)
    with s3() as endpoint:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "keeper",
            "AWS_SECRET_ACCESS_KEY": "open sesame too",
            "AWS_REGION": "eu-west-2",
            "AWS_ENDPOINT_URL": endpoint,
            "SOCIAL_VALUE_WAREHOUSE_DATA": "s3://lake/rows",
        }.items():
            monkeypatch.setenv(name, value)
        store = boto3.client("s3", region_name="eu-west-2")
        store.create_bucket(
            Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
        )
        here = settings_for(settings.home)
        note(here, "first")
        with open_scratch(here) as connection, writing(here, connection):
            connection.execute("create table warehouse.landed.people (k varchar not null)")
            connection.execute("insert into warehouse.landed.people values ('gone'), ('stays')")
        there = store.list_objects_v2(Bucket="lake")["Contents"]
        assert len(there) == 1
        with open_scratch(here) as connection, writing(here, connection):
            connection.execute("delete from warehouse.landed.people where k = 'gone'")
        store_of(here).forget_deleted({"people"})
        with reading(here) as connection:
            rows = connection.execute("from warehouse.landed.people").fetchall()
        assert rows == [("stays",)]
        (left,) = store.list_objects_v2(Bucket="lake")["Contents"]
        assert left["Key"] != there[0]["Key"]
        assert b"gone" not in store.get_object(Bucket="lake", Key=left["Key"])["Body"].read()
        store_of(here).compact()
        assert subjects(here) == ["first"]
