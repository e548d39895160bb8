"""Disposal leaves nothing of a person anywhere, also where it is killed and run once more."""

import multiprocessing
import os
import re
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from flows.common import files
from flows.common.files import remove_dead_builds
from flows.common.settings import Settings, settings_for
from flows.intake.rules import Rules, read_rules
from flows.intake.submission import Ingested
from flows.operations.setup.doctor import warehouse as look
from flows.operations.upkeep import keep_house
from flows.warehouse import disposed, ledger, retention
from flows.warehouse.archive import is_held
from flows.warehouse.connection import WarehouseBusy, reading
from flows.warehouse.proof.integrity import check
from flows.warehouse.retention import dispose
from flows.warehouse.store import file as of_a_file
from flows.warehouse.store.chosen import store_of
from flows.warehouse.store.file import FileStore
from flows.warehouse.store.lake import forget
from flows.warehouse.store.lake import store as of_a_lake
from tests.support.deadly import die_at
from tests.support.in_postgres import Cluster

Take = Callable[..., Ingested]
PEOPLE = "Employer,Snapshot date,Employee number,FTE\n"
Q1 = PEOPLE + "lcrca,30/06/2022,E1,1\nlcrca,30/06/2022,E2,x\nlcrca,30/06/2022,E3,1\n"
Q2 = PEOPLE + "lcrca,30/09/2022,E4,1\n"
DAY = "2025-07-01T09:00:00"  # all but the rows of the second quarter are due
BY = "Data Protection Officer"

# Every step boundary: whose function, its name, before or after it, at which of its calls.
Boundary = tuple[object, str, str, int]
BOUNDARIES: dict[str, list[Boundary]] = {
    "file": [
        (retention, "finish", "before", 1),  # committed, and all still there
        (retention, "_dispose", "after", 3),  # all is written, nothing committed
        (disposed, "_remove_answers", "after", 1),
        (disposed, "path_in_archive", "before", 2),  # one original has gone
        (FileStore, "forget_deleted", "before", 1),
        (of_a_file, "quoted", "before", 1),  # the old file is in order
        (files, "to_disk", "before", 1),  # the new file lies beside it
        (FileStore, "forget_deleted", "after", 1),
        (ledger, "append", "before", 4),  # all has gone, and nothing says so
        (ledger, "append", "after", 4),
    ],
    "lake": [
        (retention, "finish", "before", 1),
        (forget, "make_like", "after", 1),
        *((forget, "ENDED", "before", number) for number in (1, 2, 3)),
        (of_a_lake, "prove_forgotten", "after", 1),
        (of_a_lake, "rewrite_catalogue", "after", 1),
        (ledger, "append", "before", 4),
    ],
}
KILLED = [
    pytest.param(store, number, id=f"{store}-{when}-{name.strip('_')}-{visit}")
    for store, boundaries in BOUNDARIES.items()
    for number, (_, name, when, visit) in enumerate(boundaries)
]
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["flows.intake.rules", __name__])


class Statements(tuple[str, ...]):
    """Statements, before one of which this process is killed."""

    number = 0

    def __iter__(self) -> Iterator[str]:
        for number, statement in enumerate(super().__iter__(), 1):
            if number == self.number:
                os.kill(os.getpid(), signal.SIGKILL)
            yield statement


def dispose_and_die(home: str, store: str, boundary: int, environment: dict[str, str]) -> None:
    """Dispose of what is due, and be killed at a step."""
    os.environ.update(environment)
    owner, name, when, visit = BOUNDARIES[store][boundary]
    if name == "ENDED":
        statements = Statements(forget.ENDED)
        statements.number = visit
        forget.ENDED = statements  # type: ignore[assignment]
    else:
        die_at(owner, name, when, visit)
    settings = settings_for(Path(home))
    dispose(settings, read_rules(settings).contracts, BY)


def dispose_on_a_full_disk(home: str, largest: int, environment: dict[str, str]) -> None:
    """Dispose of what is due where no file may grow past `largest` bytes."""
    os.environ.update(environment)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    settings = settings_for(Path(home))
    dispose(settings, read_rules(settings).contracts, BY)


def copy_and_die(home: str, environment: dict[str, str]) -> None:
    """Have dbt's source there, and be killed."""
    os.environ.update(environment)
    with store_of(settings_for(Path(home))).for_dbt():
        os.kill(os.getpid(), signal.SIGKILL)


def run(target: Callable[..., None], *given: object) -> int | None:
    """Run it in a process of its own; how that ended."""
    told = ("SOCIAL_VALUE_", "PGPASSFILE")
    environment = {name: value for name, value in os.environ.items() if name.startswith(told)}
    process = context.Process(target=target, args=(*given, environment))
    process.start()
    process.join(120)
    return process.exitcode


@pytest.fixture
def filled(settings: Settings, take: Take, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Two quarters of people, an answer that quotes them, and what builds made of them."""
    assert take(Q1, "lcrca_2022-23-q1.csv", "hr_workforce").counts.loaded == 2
    assert take(Q2, "lcrca_2022-23-q2.csv", "hr_workforce").counts.loaded == 1
    assert len(list((settings.quarantine / "hr_workforce").iterdir())) == 1
    gone, _ = by_quarter(settings)
    left = [settings.restricted, settings.dbt_folder / "project" / "model.duckdb"]
    left += [settings.dbt_folder / "kept.duckdb", settings.dbt_folder / "kept.duckdb.wal"]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(gone))
    monkeypatch.setenv("SOCIAL_VALUE_NOW", DAY)
    return settings


def nothing_is_left(settings: Settings, keys: tuple[list[str], list[str]], *at: Path) -> None:
    gone, stays = keys
    assert found(gone + stays, *at) == stays
    assert by_quarter(settings) == ([], stays)
    assert list((settings.quarantine / "hr_workforce").iterdir()) == []
    with reading(settings) as connection:
        assert not any(is_held(settings, one.sha256) for one in disposed.registry(connection))
        stones = ledger.events_of(connection, ["disposed"])
        assert len(stones) == 3  # no second one of the same
    assert check(settings) == []
    assert [found.state for found in look(settings)] == ["fine"]


@pytest.mark.parametrize(("store", "boundary"), KILLED)
def test_a_disposal_that_was_killed_is_finished_by_the_next(
    filled: Settings,
    store: str,
    boundary: int,
    rules: Rules,
    places: Callable[[], list[Path]],
) -> None:
    keys = by_quarter(filled)
    ended = run(dispose_and_die, str(filled.home), store, boundary)
    assert ended == -signal.SIGKILL
    dispose(filled, rules.contracts, BY)
    nothing_is_left(filled, keys, *places())
    assert dispose(filled, rules.contracts, BY, dry_run=True) == []


def test_what_a_killed_disposal_has_left_is_told_and_house_keeping_finishes_it(
    filled: Settings, store: str, rules: Rules, places: Callable[[], list[Path]]
) -> None:
    keys = by_quarter(filled)
    run(dispose_and_die, str(filled.home), store, 0)
    assert found(keys[0], *places()) == keys[0]
    left = dispose(filled, rules.contracts, BY, dry_run=True)
    assert {str(one.as_row()["what"]) for one in left} == {
        "left of original",
        "left of person rows",
    }
    assert "wrong" in {found.state for found in look(filled)}
    keep_house(filled)
    nothing_is_left(filled, keys, *places())


def test_a_disposal_that_failed_is_finished_by_the_next(
    filled: Settings,
    store: str,
    rules: Rules,
    places: Callable[[], list[Path]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = by_quarter(filled)
    if store == "file":
        largest = filled.warehouse.stat().st_size // 2
        assert run(dispose_on_a_full_disk, str(filled.home), largest) == 1
    else:
        with monkeypatch.context() as patch:
            patch.setattr(forget, "ENDED", ())  # nothing is let go of, so a proof must fail
            with pytest.raises(forget.NotForgotten, match="run dispose again"):
                dispose(filled, rules.contracts, BY)
    assert found(keys[0], *places()) == keys[0]
    dispose(filled, rules.contracts, BY)
    nothing_is_left(filled, keys, *places())


def test_a_copy_that_a_killed_build_left_goes_and_that_of_one_at_work_stays(
    settings: Settings, take: Take
) -> None:
    take(Q1, "lcrca_2022-23-q1.csv", "hr_workforce")
    store, copies = store_of(settings), settings.dbt_folder
    assert run(copy_and_die, str(settings.home)) == -signal.SIGKILL
    remove_dead_builds(settings)
    assert list(copies.glob("*kept.duckdb*")) == []
    with store.for_dbt():
        remove_dead_builds(settings)
        assert store.dbt_source.exists()


def test_who_forgets_waits_for_a_build(settings: Settings, take: Take) -> None:
    """Else what it makes of rows that are gone would take its place afterwards."""
    take(Q1, "lcrca_2022-23-q1.csv", "hr_workforce")
    hasty = store_of(settings.model_copy(update={"wait_seconds": 0}))
    with store_of(settings).for_dbt(), pytest.raises(WarehouseBusy):
        hasty.forget_deleted({"hr_workforce"})
    hasty.forget_deleted({"hr_workforce"})


def test_disposal_leaves_no_key_of_a_person_in_any_file(
    settings: Settings,
    take: Take,
    rules: Rules,
    monkeypatch: pytest.MonkeyPatch,
    places: Callable[[], list[Path]],
    analysed: Callable[[], None],
) -> None:
    """Nor in a page of the catalogue, which keeps the least and greatest value of a column; nor in
    what PostgreSQL notes of the catalogue's own columns, for its plans.
    """
    assert take(Q1, "lcrca_2022-23-q1.csv", "hr_workforce").counts.loaded == 2
    assert take(Q2, "lcrca_2022-23-q2.csv", "hr_workforce").counts.loaded == 1
    gone, stays = by_quarter(settings)
    assert found(gone + stays, *places()) == sorted(gone + stays)
    analysed()
    monkeypatch.setenv("SOCIAL_VALUE_NOW", DAY)
    due = dispose(settings, rules.contracts, BY)
    assert "person rows" in {one.what for one in due}
    assert found(gone + stays, *places()) == stays
    assert by_quarter(settings) == ([], stays)
    assert check(settings) == []


def by_quarter(settings: Settings) -> tuple[list[str], list[str]]:
    """The keys of the people of the first quarter, and of the second."""
    with reading(settings) as connection:
        rows = connection.execute(
            "select employee_key, snapshot_date < date '2022-09-01' "
            "from warehouse.landed.hr_workforce order by 1"
        ).fetchall()
    return [str(k) for k, first in rows if first], [str(k) for k, first in rows if not first]


def found(keys: list[str], *places: Path) -> list[str]:
    """Those of the texts that a file below the folders holds, also one that is compressed."""
    there = set()
    for path in [path for place in places for path in place.rglob("*")]:
        content = _content(path)
        there |= {key for key in keys if key.encode() in content}
    return sorted(there)


def _content(path: Path) -> bytes:
    if path.suffix == ".parquet":
        return repr(duckdb.sql(f"select * from read_parquet('{path}')").fetchall()).encode()
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):  # a server makes and removes files at any time
        return b""


@pytest.fixture
def analysed(settings: Settings, request: pytest.FixtureRequest) -> Callable[[], None]:
    """What PostgreSQL does by itself within a minute, where rows have come in."""

    def analyse() -> None:
        if not settings.warehouse_at:
            return
        server: Cluster = request.getfixturevalue("server")
        (name,) = re.findall(r"dbname=(\S+)", settings.warehouse_at)
        with server.connection(name) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("analyze")

    return analyse


@pytest.fixture
def places(settings: Settings, request: pytest.FixtureRequest) -> Callable[[], list[Path]]:
    """The folders in which a store may hold anything, with what its server wrote to disk."""

    def written() -> list[Path]:
        if not settings.warehouse_at:
            return [settings.home]
        server: Cluster = request.getfixturevalue("server")
        with server.connection("postgres") as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("checkpoint")
            (name,) = re.findall(r"dbname=(\S+)", settings.warehouse_at)
            cursor.execute("select oid from pg_database where datname = %s", [name])
            ((oid,),) = cursor.fetchall()
        pages = server.password_file.parent / "data" / "base" / str(oid)
        return [settings.home, Path(settings.warehouse_data), pages]

    return written
