"""The post at its worst, in `make faults`: a quarter of the demo's files by four roads mixed.

They end as they would have by the inbox; fifty kills of `collect` lose and double nothing; each
file is answered once; no password stands in any file of the home.
"""

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pytest

from flows.common import clock
from flows.common.settings import Settings, settings_for
from flows.demo import AUTHORITY
from flows.demo.made.authority.delivery import Delivery
from flows.demo.made.deliveries import QUARTER, Scope, deliveries
from flows.intake.inbox import waiting
from flows.intake.rules import read_rules
from flows.operations.ingest import ingest
from flows.operations.publish import publish
from flows.operations.record import LogRecord
from flows.post.answers.due import came_by_post
from flows.post.answers.send import send_answers
from flows.post.collect import collect
from flows.warehouse import ledger
from flows.warehouse.connection import reading
from flows.warehouse.proof.integrity import check
from tests.support.canaries import traces_in
from tests.support.four_roads import (
    FourRoads,
    collect_for,
    four_roads,
    mixed,
    sender_of,
    wait_until_there,
)
from tests.support.killed import newest_tables
from tests.support.listening import mail_server

ROUNDS = int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "0"))
KILLS = 2 * ROUNDS
SCOPE = Scope(("2022-23 Q1",)) if ROUNDS >= 25 else QUARTER
LATER = datetime.fromisoformat("2022-09-01T09:00:00")  # when all has come
ROWS = """
    select return_id, attempt, filing_id, "return", sender, period, part, sha256, file_name,
           outcome, reason, rows_read, rows_loaded, rows_quarantined, rows_dropped, amount_total,
           return_id in (select return_id from warehouse.ledger.standing group by return_id
                         having arg_max(in_force, seq))
    from warehouse.ledger.returns order by all
"""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not ROUNDS, reason="make faults runs it"),
]
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["tests.support.four_roads"])


def days(files: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    """The files of each day; a second one of the same name waits for the next sweep."""
    for _, of_day in groupby(files, key=lambda one: one.at.date()):
        sweep: list[Delivery] = []
        for one in of_day:
            if any(other.file_name == one.file_name for other in sweep):
                yield sweep
                sweep = []
            sweep.append(one)
        yield sweep


@pytest.fixture(scope="module")
def files() -> list[Delivery]:
    return deliveries(scope=SCOPE)


@pytest.fixture
def roads(
    tmp_path: Path, files: list[Delivery], postcodes: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FourRoads]:
    monkeypatch.setenv("SOCIAL_VALUE_SETTLE_SECONDS", "0")
    with four_roads(tmp_path, files, postcodes) as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def by_inbox(tmp_path: Path, files: list[Delivery], postcodes: Path) -> Settings:
    """The same files, laid into the inbox by hand."""
    found = {"authority": AUTHORITY, "definitions": None, "postcodes": postcodes}
    return settings_for(tmp_path / "inbox-home").model_copy(update=found)


def take_in(settings: Settings) -> None:
    ingest(None, settings, LogRecord(settings, "ingest"))


def ledger_rows(settings: Settings) -> list[tuple[object, ...]]:
    with reading(settings) as connection:
        return connection.execute(ROWS).fetchall()


def events(settings: Settings, *kinds: str) -> list[ledger.Event]:
    with reading(settings) as connection:
        return ledger.events_of(connection, kinds)


def test_by_four_roads_or_by_the_inbox_it_comes_to_the_same(
    roads: FourRoads, by_inbox: Settings, files: list[Delivery]
) -> None:
    road_of = dict(zip(map(id, files), (road for _, road in mixed(files, 7)), strict=True))
    with mail_server() as (port, taken):
        roads.settings.smtp_host, roads.settings.smtp_port = "127.0.0.1", port
        for sweep in days(files):
            with clock.set_to(sweep[-1].at):
                for one in sweep:
                    path = by_inbox.inbox / one.return_name / one.file_name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(one.content)
                    roads.put(one, road_of[id(one)])
                take_in(by_inbox)
                done = collect(roads.settings)
                assert [(one.fault, one.aside, one.over) for one in done] == [("", [], [])] * 4
                take_in(roads.settings)
                send_answers(roads.settings)
                assert [s for s in send_answers(roads.settings) if s.fault] == []
    assert ledger_rows(roads.settings) == ledger_rows(by_inbox)
    assert (check(roads.settings), check(by_inbox)) == ([], [])
    _each_is_answered_once(roads, len(taken))
    for settings in (roads.settings, by_inbox):
        with clock.set_to(LATER):
            publish("quarterly", "2022-23 Q1", settings, LogRecord(settings, "publish"))
    assert newest_tables(roads.settings, "2022-23 Q1") == newest_tables(by_inbox, "2022-23 Q1")
    assert traces_in(roads.settings.home, roads.secrets) == []


def _each_is_answered_once(roads: FourRoads, mails: int) -> None:
    begun = {e.detail["answer"]: e.detail["about"] for e in events(roads.settings, "answering")}
    ended = events(roads.settings, "answered by post")
    told = Counter(begun[one.detail["answer"]] for one in ended)
    of_files = {about: n for about, n in told.items() if not str(about).startswith("page/")}
    came = came_by_post(roads.settings)
    assert set(of_files.values()) == {1}
    assert {one.about for one in came} <= set(of_files)
    by_mail = [one for one in came if one.source == "mailbox"]
    assert mails >= len(by_mail) > 0
    assert len(roads.answers()) >= len(came) - mails


def test_fifty_kills_of_collect_lose_and_double_nothing(
    roads: FourRoads, files: list[Delivery], tmp_path: Path
) -> None:
    first = {(one.return_name, one.file_name): one for one in reversed(files)}
    coming = mixed(list(first.values()), 8)
    moments = random.Random(9)
    killed = 0
    environment = {name: text for name, text in os.environ.items() if "SOCIAL_VALUE" in name}
    environment["SOCIAL_VALUE_NOW"] = LATER.isoformat()
    begun = tmp_path / "begun"
    process = context.Process(
        target=collect_for, args=(str(roads.settings.home), environment, str(begun))
    )
    process.start()
    wait_until_there(begun)
    started = time.monotonic()
    process.join(600)
    whole = time.monotonic() - started  # of a run here and now: a busy machine is slow
    for number in range(KILLS):
        share = coming[number::KILLS]
        for one, road in share:
            roads.put(one, road)
        begun = tmp_path / f"begun-{number}"
        given = (str(roads.settings.home), environment, str(begun))
        process = context.Process(target=collect_for, args=given)
        process.start()
        wait_until_there(begun)
        time.sleep(moments.uniform(0, 2 * whole))
        process.kill()
        process.join(60)
        killed += process.exitcode != 0
    assert killed > KILLS // 2
    midway = len(events(roads.settings, "collected"))
    assert 0 < midway <= len(coming)
    with clock.set_to(LATER):
        collect(roads.settings)
        assert all(one.collected == 0 for one in collect(roads.settings))
    came = waiting(roads.settings, read_rules(roads.settings))
    found = Counter((one.return_name, one.path.name, one.path.read_bytes()) for one in came)
    assert found == Counter((one.return_name, one.file_name, one.content) for one, _ in coming)
    senders = Counter(str(one.detail["sender"]) for one in events(roads.settings, "collected"))
    assert senders == Counter(sender_of(one) for one, _ in coming)
    assert list(roads.settings.post.iterdir()) == []
    assert check(roads.settings) == []
    assert traces_in(roads.settings.home, roads.secrets) == []
