"""The one door: who waits, who is turned away, and what a failure leaves behind."""

import errno
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest

import flows.warehouse.connection as door
from flows.common.locks import NoLocks
from flows.common.settings import Settings
from flows.warehouse.connection import WarehouseBusy, WarehouseTooNew

HOLD = """
import sys
from pathlib import Path
from flows.common.settings import settings_for
from flows.warehouse import connection as door
with door.lock(settings_for(Path(sys.argv[1])), exclusive=sys.argv[2] == "writer"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def someone(settings: Settings, what: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the warehouse as `writer` or `reader` until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.home), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


def waiting_for(settings: Settings, seconds: float) -> Settings:
    return settings.model_copy(update={"wait_seconds": seconds})


def keep_a_file(settings: Settings, sha256: str) -> None:
    with door.open_scratch(settings) as connection, door.writing(settings, connection):
        connection.execute(
            "insert into warehouse.ledger.files values (?, 1, timestamp '2022-07-11')", [sha256]
        )


def files(settings: Settings) -> list[str]:
    with door.reading(settings) as connection:
        rows = connection.execute("select sha256 from warehouse.ledger.files order by 1").fetchall()
    return [row[0] for row in rows]


def test_a_second_writer_waits_its_turn_and_says_for_whom(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with someone(settings, "writer") as other:
        assert other.stdin is not None
        threading.Timer(1.0, other.stdin.close).start()
        began = time.monotonic()
        keep_a_file(waiting_for(settings, 60), "a")
        waited = time.monotonic() - began
    assert waited > 0.9
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        f"Waiting for another run (process {other.pid}) to finish with the warehouse ..."
    ]
    assert said.out == ""
    assert files(settings) == ["a"]


def test_a_writer_gives_up_after_its_time_and_names_who_holds_the_warehouse(
    settings: Settings,
) -> None:
    with someone(settings, "writer") as other:
        began = time.monotonic()
        with pytest.raises(WarehouseBusy, match=f"process {other.pid}.* 0.4 seconds"):
            keep_a_file(waiting_for(settings, 0.4), "a")
        assert 0.4 <= time.monotonic() - began < 5
    assert files(settings) == []


def test_a_reader_waits_for_a_writer_too(settings: Settings) -> None:
    keep_a_file(settings, "a")
    with someone(settings, "writer"), pytest.raises(WarehouseBusy):
        files(waiting_for(settings, 0.2))
    assert files(waiting_for(settings, 0.2)) == ["a"]


def test_readers_share_the_warehouse_and_keep_writers_out(settings: Settings) -> None:
    keep_a_file(settings, "a")
    hasty = waiting_for(settings, 0)
    with someone(settings, "reader"):
        assert files(hasty) == ["a"]
        with door.reading(hasty) as one, door.reading(hasty) as other:
            for connection in (one, other):
                count = connection.execute("select count(*) from warehouse.ledger.files")
                assert count.fetchall() == [(1,)]
        with pytest.raises(WarehouseBusy):
            keep_a_file(hasty, "b")
    assert files(settings) == ["a"]


def test_a_reader_is_named_and_not_who_wrote_last(settings: Settings) -> None:
    with someone(settings, "writer"):
        pass
    with (
        someone(settings, "reader") as other,
        pytest.raises(WarehouseBusy, match=rf"Another run \(process {other.pid}\) has held"),
    ):
        keep_a_file(waiting_for(settings, 0), "a")


def test_a_disk_without_locks_is_told_apart(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("flows.common.locks.fcntl.flock", refuse)
    with pytest.raises(NoLocks, match="gives no locks, as some network disks"):
        keep_a_file(settings, "a")


def test_a_killed_writer_leaves_no_lock_behind(settings: Settings) -> None:
    with someone(settings, "writer") as other:
        other.kill()
        other.wait(timeout=30)
        keep_a_file(waiting_for(settings, 0), "a")
    assert files(settings) == ["a"]


def write_and_stop(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    with door.writing(settings, connection):
        connection.execute(
            "insert into warehouse.ledger.files values ('b', 1, timestamp '2022-07-11')"
        )
        connection.execute("create table warehouse.landed.half (n integer)")
        raise KeyboardInterrupt


def test_a_block_that_raises_leaves_nothing(settings: Settings) -> None:
    keep_a_file(settings, "a")
    with door.open_scratch(settings) as connection:
        with pytest.raises(KeyboardInterrupt):
            write_and_stop(settings, connection)
        with door.writing(waiting_for(settings, 0), connection):  # and the door is free again
            tables = connection.execute(
                "select table_name from duckdb_tables() "
                "where database_name = 'warehouse' and schema_name = 'landed'"
            ).fetchall()
    assert tables == []
    assert files(settings) == ["a"]


def test_what_reads_cannot_write(settings: Settings) -> None:
    keep_a_file(settings, "a")
    with door.reading(settings) as connection, pytest.raises(Exception, match="read-only"):
        connection.execute("delete from warehouse.ledger.files")


def test_the_first_reader_of_an_empty_home_makes_the_warehouse(settings: Settings) -> None:
    assert not settings.warehouse.exists()
    assert files(settings) == []
    assert settings.warehouse.exists()


DIE_WHILE_MAKING = """
import os, signal, sys
from pathlib import Path
from types import SimpleNamespace
import duckdb
from flows.common.settings import settings_for
from flows.warehouse import connection as door
from flows.warehouse.store import file
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def connect_and_die(path, **settings):
    connection = duckdb.connect(path, **settings)
    return connection if path == ":memory:" else die()
if sys.argv[2] == "its file is there, and nothing in it":
    file.duckdb = SimpleNamespace(connect=connect_and_die)
else:
    door._refuse_other_version = die
with door.reading(settings_for(Path(sys.argv[1]))):
    pass
"""


@pytest.mark.parametrize("moment", ["its file is there, and nothing in it", "it is attached"])
def test_a_process_killed_while_it_made_the_warehouse_leaves_none_or_a_whole_one(
    settings: Settings, moment: str
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", DIE_WHILE_MAKING, str(settings.home), moment], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert files(settings) == []
    keep_a_file(settings, "a")
    assert files(settings) == ["a"]


def make_it_later(settings: Settings) -> None:
    with door.open_scratch(settings) as connection, door.writing(settings, connection):
        connection.execute(
            "update warehouse.ledger.schema_version set version = ?", [door.SCHEMA_VERSION + 1]
        )


def test_a_warehouse_of_a_later_version_is_not_written(settings: Settings) -> None:
    make_it_later(settings)
    before = settings.warehouse.read_bytes()
    with pytest.raises(WarehouseTooNew, match=f"version {door.SCHEMA_VERSION + 1} .*update"):
        keep_a_file(settings, "a")
    assert settings.warehouse.read_bytes() == before


def test_a_warehouse_of_a_later_version_is_not_read_as_if_it_were_known(
    settings: Settings,
) -> None:
    make_it_later(settings)
    with pytest.raises(WarehouseTooNew, match="update the software"):
        files(settings)


def test_a_writer_of_the_same_process_takes_its_turn_without_a_word(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with door.lock(settings, exclusive=True):
        later = threading.Thread(target=keep_a_file, args=(settings, "a"))
        later.start()
        time.sleep(0.3)
        assert later.is_alive()
    later.join(timeout=30)
    assert files(settings) == ["a"]
    assert capsys.readouterr().err == ""
