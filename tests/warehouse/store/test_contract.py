"""What every store of the warehouse does: kept whole or not at all, read as it stood."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from flows.common import clock
from flows.common.locks import Busy
from flows.common.settings import PROJECT, Settings
from flows.intake.submission import Ingested
from flows.warehouse import ledger
from flows.warehouse.connection import (
    WarehouseBusy,
    attach,
    lock,
    open_scratch,
    reading,
    writing,
)
from flows.warehouse.copies.backup import back_up, restore
from flows.warehouse.keep import KeptTwice
from flows.warehouse.proof.integrity import check
from flows.warehouse.store.chosen import store_of
from flows.warehouse.store.schema import KEYS
from tests.support.filled_home import change, head
from tests.support.small_files import payments

Take = Callable[..., Ingested]


def ask(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with reading(settings) as connection:
        return connection.execute(sql).fetchall()


def note(settings: Settings, subject: str) -> None:
    with open_scratch(settings) as connection, writing(settings, connection):
        ledger.append(connection, "closed", subject, {}, clock.now())


def test_what_reads_an_empty_home_makes_the_warehouse(settings: Settings) -> None:
    assert not store_of(settings).exists()
    assert ask(settings, "select count(*) from warehouse.ledger.events") == [(0,)]
    assert store_of(settings).exists()
    assert check(settings) == []


def test_a_return_is_kept_whole_and_what_the_ledger_says_is_there(
    settings: Settings, take: Take
) -> None:
    assert take(payments(10)).outcome == "loaded"
    assert take(payments(9)).outcome == "loaded"
    assert take(payments(10)).outcome == "loaded"  # and so in force again
    assert take("Vendor,Town\nAcme,Leeds\n", return_name="finance_vendors").outcome == "rejected"
    assert check(settings) == []
    assert ask(settings, "select count(*), count(distinct sha256) from warehouse.ledger.files") == [
        (3, 3)
    ]


def write_and_stop(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    with writing(settings, connection):
        ledger.append(connection, "closed", "half", {}, clock.now())
        connection.execute("create table warehouse.landed.half (n integer)")
        raise KeyboardInterrupt


def test_a_block_that_raises_leaves_nothing(settings: Settings) -> None:
    note(settings, "before")
    before = head(settings)
    with open_scratch(settings) as connection:
        with pytest.raises(KeyboardInterrupt):
            write_and_stop(settings, connection)
        with writing(settings, connection):  # and the door is free again
            ledger.append(connection, "closed", "after", {}, clock.now())
    assert [one[0] for one in ask(settings, "select subject from warehouse.ledger.events")] == [
        "before",
        "after",
    ]
    with reading(settings) as connection:
        (_, after) = ledger.read_events(connection)
        assert before != after.hash
        assert not connection.execute(
            "select 1 from duckdb_tables() where database_name = 'warehouse' "
            "and table_name = 'half'"
        ).fetchall()


def test_what_reads_cannot_write(settings: Settings) -> None:
    note(settings, "one")
    with reading(settings) as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("delete from warehouse.ledger.events")


def test_the_same_judgement_is_not_kept_twice(
    settings: Settings, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(payments(10))
    before = head(settings)
    monkeypatch.setattr("flows.intake.settle.earlier_returns", lambda *_: [])
    monkeypatch.setattr("flows.intake.take_in.earlier_returns", lambda *_: [], raising=False)
    with pytest.raises(KeptTwice, match="nothing of it was kept again"):
        take(payments(10))
    assert head(settings) == before
    assert check(settings) == []


@pytest.mark.parametrize("table", KEYS)
def test_two_rows_with_one_key_are_refused_or_seen(
    settings: Settings, take: Take, table: str
) -> None:
    take(payments(10))
    again = f"insert into warehouse.ledger.{table} from warehouse.ledger.{table}"
    try:
        change(settings, again)
    except duckdb.ConstraintException:
        assert check(settings) == []
    else:
        assert "rows share a key" in {fault.what for fault in check(settings)}


HOLDS = """
import sys
from pathlib import Path
from flows.common.settings import settings_for
from flows.warehouse.home import make_folders
from flows.warehouse.store.chosen import store_of
settings = settings_for(Path(sys.argv[1]))
make_folders(settings)
with store_of(settings).locked(sys.argv[2], what="it", exclusive=sys.argv[3] == "alone"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def someone(settings: Settings, name: str, how: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a lock until its input ends."""
    words = [sys.executable, "-c", HOLDS, str(settings.home), name, how]
    with subprocess.Popen(
        words, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.stdin.close()


def test_a_lock_is_one_of_its_name_and_free_once_its_holder_is_dead(settings: Settings) -> None:
    note(settings, "one")
    store = store_of(settings)
    with someone(settings, "inbox", "alone") as other:
        with (
            pytest.raises(Busy, match=f"process {other.pid}.* has held it for more than 0 "),
            store.locked("inbox", what="it", wait=0),
        ):
            pass
        with store.locked("post", what="it", wait=0):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
        with store.locked("inbox", what="it", wait=10):
            pass
    with someone(settings, "inbox", "shared"):
        with store.locked("inbox", what="it", exclusive=False, wait=0):
            pass
        with pytest.raises(Busy), store.locked("inbox", what="it", wait=0):
            pass


def test_a_second_writer_waits_and_is_told_for_whom(settings: Settings) -> None:
    note(settings, "one")
    hasty = settings.model_copy(update={"wait_seconds": 0.2})
    with (
        someone(settings, "warehouse", "alone") as other,
        pytest.raises(WarehouseBusy, match=f"process {other.pid}"),
    ):
        note(hasty, "two")
    note(hasty, "two")
    assert check(settings) == []


def test_what_is_read_is_as_it_stood_until_the_block_ends(settings: Settings) -> None:
    """A writer waits, or what he wrote is not seen."""
    note(settings, "one")
    hasty = settings.model_copy(update={"wait_seconds": 0})
    with reading(settings) as connection:
        before = ledger.head(connection)
        try:
            note(hasty, "two")
        except WarehouseBusy:
            note_later = True
        else:
            note_later = False
        assert ledger.head(connection) == before
    if note_later:
        note(settings, "two")
    assert head(settings) != before


DIES = """
import os, sys
from pathlib import Path
from flows.common import clock
from flows.common.settings import settings_for
from flows.warehouse import connection, ledger
settings = settings_for(Path(sys.argv[1]))
with connection.open_scratch(settings) as scratch, connection.writing(settings, scratch):
    ledger.append(scratch, "closed", "never", {}, clock.now())
    os.kill(os.getpid(), 9)
"""


def test_a_writer_killed_before_his_commit_leaves_nothing_and_no_lock(settings: Settings) -> None:
    note(settings, "one")
    words = [sys.executable, "-c", DIES, str(settings.home)]
    assert subprocess.run(words, cwd=PROJECT, check=False).returncode == -signal.SIGKILL
    note(settings.model_copy(update={"wait_seconds": 10}), "two")
    assert ask(settings, "select subject from warehouse.ledger.events order by seq") == [
        ("one",),
        ("two",),
    ]
    assert check(settings) == []


def test_a_backup_restores_into_an_empty_home_with_the_same_head(
    settings: Settings, take: Take, tmp_path: Path
) -> None:
    take(payments(10))
    before = head(settings)
    made = back_up(settings, tmp_path / "kept.tar")
    assert made.ledger_head == before
    other = emptied(settings, tmp_path)
    other = other.model_copy(update={"warehouse_data": str(tmp_path / "other-files")})
    assert restore(other, tmp_path / "kept.tar").ledger_head == before
    assert head(other) == before
    assert check(other) == []
    note(other, "and on it goes")
    assert check(other) == []


def emptied(settings: Settings, tmp_path: Path) -> Settings:
    """The settings of another home, in the same kind of store."""
    update = {"home": tmp_path / "other", "key_file": settings.key_path}
    return settings.model_copy(update=update | {"warehouse_schema": "another"})


def test_models_are_built_over_a_file_that_stays_as_it_is(settings: Settings, take: Take) -> None:
    take(payments(10))
    before = head(settings)
    store = store_of(settings)
    with store.for_dbt(), open_scratch(settings) as connection:
        attach(connection, store.dbt_source, read_only=True)
        assert ledger.head(connection) == before
        assert connection.execute(
            "select count(*) from warehouse.landed.finance_payments"
        ).fetchone() == (10,)


def test_to_compact_changes_no_row(settings: Settings, take: Take) -> None:
    take(payments(10))
    take(payments(9), "lcrca_2022-05.csv")
    before = head(settings)
    store_of(settings).compact()
    assert head(settings) == before
    assert check(settings) == []


def test_the_lock_keeps_writers_out_of_a_whole_block(settings: Settings) -> None:
    note(settings, "one")
    hasty = settings.model_copy(update={"wait_seconds": 0})
    with lock(settings, exclusive=False):
        assert head(hasty)
        with pytest.raises(WarehouseBusy, match=str(os.getpid())):
            note(hasty, "two")
