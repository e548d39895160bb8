"""Whoever is at work when the catalogue's server goes away is told so in one sentence.

What was half written is not there, and a file that was at hand is not blamed for it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.common import clock
from flows.common.errors import SocialValueError
from flows.common.settings import Settings, settings_for
from flows.intake import settle
from flows.intake.rules import Rules
from flows.warehouse import ledger
from flows.warehouse.connection import held, open_scratch, reading, transaction
from flows.warehouse.proof.integrity import check
from flows.warehouse.store.chosen import store_of
from flows.warehouse.store.lake.session import LockLost, NoServer
from flows.warehouse.store.lake.store import LakeStore
from tests.support.disturbed import fill
from tests.support.in_postgres import Cluster, cluster
from tests.support.sweeping import sweep
from tests.warehouse.store.conftest import in_a_lake

Gone = Callable[[], None]


@pytest.fixture(scope="module")
def frail() -> Iterator[Cluster]:
    """A server that goes away, and comes back for the next test."""
    with cluster() as running:
        yield running


@pytest.fixture
def store() -> str:
    """None of the contract's: the lake is on the frail server."""
    return "file"


@pytest.fixture
def here(
    settings: Settings, frail: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A lake in which one thing has happened."""
    in_a_lake(frail, tmp_path / "files", monkeypatch)
    there = settings_for(settings.home)
    note(there)
    return there


@pytest.fixture
def gone(frail: Cluster, here: Settings) -> Iterator[Gone]:
    """Let the server go away; it is back afterwards."""
    away: list[bool] = []

    def goes() -> None:
        if not away:
            away.append(True)
            frail.stop()

    yield goes
    if away:
        frail.start()
    assert events(here) == 1  # nothing of what was at work is there
    assert check(here) == []


def nothing() -> None:
    """The server stays."""


def note(settings: Settings, before: Gone = nothing, after: Gone = nothing) -> None:
    with open_scratch(settings) as connection, held(settings, connection), transaction(connection):
        before()
        ledger.append(connection, "closed", "it", {}, clock.now())
        after()


def events(settings: Settings) -> int:
    with reading(settings) as connection:
        return len(list(ledger.read_events(connection)))


def read_while(settings: Settings, goes: Gone) -> None:
    with reading(settings) as connection:
        goes()
        connection.execute("from warehouse.ledger.events").fetchall()


def held_while(settings: Settings, goes: Gone) -> None:
    with open_scratch(settings) as connection, held(settings, connection):
        goes()
        connection.execute("from warehouse.ledger.events").fetchall()


AT_WORK: dict[str, Callable[[Settings, Gone], None]] = {
    "before it writes": lambda settings, goes: note(settings, before=goes),
    "when all is written": lambda settings, goes: note(settings, after=goes),
    "while it reads": read_while,
    "between two transactions": held_while,
    "before it began": lambda settings, goes: (goes(), read_while(settings, nothing))[1],
}


@pytest.mark.parametrize("when", AT_WORK)
def test_who_is_at_work_is_told_what_is_wrong_and_what_to_do(
    here: Settings, gone: Gone, when: str
) -> None:
    with pytest.raises((NoServer, LockLost)) as told:
        AT_WORK[when](here, gone)
    assert says_what_to_do(told.value)


def compact(settings: Settings) -> None:
    store_of(settings).compact()


@pytest.mark.parametrize(
    ("step", "work"),
    [("_attached", note), ("_attached", events), ("_attached", compact), ("_of_snapshots", events)],
)
def test_between_any_two_words_with_the_server(
    here: Settings,
    gone: Gone,
    step: str,
    work: Callable[[Settings], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = getattr(LakeStore, step)

    def after_it_went(self: LakeStore, *given: object, **named: object) -> object:
        gone()
        return real(self, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(LakeStore, step, after_it_went)
        with pytest.raises((NoServer, LockLost)) as told:
            work(here)
    assert says_what_to_do(told.value)


def says_what_to_do(told: SocialValueError) -> bool:
    """Whether the sentence is one line that names the server, and says how to go on."""
    said = str(told)
    return "\n" not in said and "server" in said.lower() and "run" in said and "=" not in said


def test_a_sweep_stops_and_no_file_is_blamed(
    here: Settings, frail: Cluster, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(here)
    for path in here.inbox.rglob("*"):  # three small files are enough
        if path.is_file() and path.parent.name == "finance_payments" and "again" not in path.name:
            path.unlink()
    waiting = files_in(here.inbox)
    with monkeypatch.context() as patch:
        real = settle.keep

        def after_it_went(*given: object, **named: object) -> object:
            kept = real(*given, **named)  # type: ignore[arg-type]
            frail.stop()
            return kept

        patch.setattr(settle, "keep", after_it_went)
        with pytest.raises((NoServer, LockLost)):
            sweep(here)
    frail.start()
    assert files_in(here.inbox) == waiting
    sweep(here)
    with reading(here) as connection:
        kept = connection.execute("select outcome from warehouse.ledger.returns").fetchall()
    assert kept == [("loaded",)] * len(waiting)
    assert check(here) == []


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
