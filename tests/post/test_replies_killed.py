"""A run of answers that is killed at any step, and run once more, tells nothing twice."""

import multiprocessing
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.operations.ingest import ingest
from flows.operations.notices import list_notices
from flows.operations.record import LogRecord
from flows.post.answers.send import send_answers
from flows.post.collect import collect
from flows.warehouse import ledger
from flows.warehouse.connection import reading
from tests.support.listening import mail_server
from tests.support.posted import KILLED, Posted, reply_and_die

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["tests.support.posted"])
NO_PAYMENTS = b"Employee,Town\nx,Leeds\n"


@pytest.fixture
def judged(posted: Posted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Posted:
    """A home that has rejected two files of Birch's, of which he knows nothing yet."""
    drop = tmp_path / "drop"
    drop.mkdir()
    _declare(posted, drop, "drop")
    for month in (4, 5):
        (drop / f"birch_2022-0{month}.csv").write_bytes(NO_PAYMENTS + b"\n" * month)
    assert [one.fault for one in collect(posted.settings)] == ["", ""]
    done = ingest(None, posted.settings, LogRecord(posted.settings, "ingest"))
    assert [one.outcome for one in done] == ["rejected", "rejected"]
    monkeypatch.setenv("SOCIAL_VALUE_AUTHORITY", str(posted.folder))
    return posted


def _declare(posted: Posted, drop: Path, by: str) -> None:
    birch = {"id": "birch", "returns": ["finance_payments"], "addresses": ["ledger@birch.example"]}
    source = {"id": "drop", "address": str(drop), "senders": ["birch"]}
    shared = {"id": "shared", "address": str(drop), "senders": ["birch"]}
    mail = {"id": "mailbox", "address": "imaps://x@127.0.0.1/", "known_by": "address"}
    others = [shared] if by == "drop" else [{**mail, "senders": ["birch"]}]
    answers = {"by": by, "monthly": False}
    posted.declare(source, *others, senders=[{**birch, "answers": answers}])


def _killed_copy(judged: Posted, boundary: int, visit: int, to: Path) -> Settings:
    """A copy of the home whose run of answers was killed there."""
    base = judged.settings.home
    shutil.copytree(base, to)
    shutil.copy(base.with_name(f"{base.name}.key"), to.with_name(f"{to.name}.key"))
    environment = {name: text for name, text in os.environ.items() if "SOCIAL_VALUE" in name}
    given = (str(to), boundary, visit, environment)
    process = context.Process(target=reply_and_die, args=given)
    process.start()
    process.join(120)
    assert process.exitcode == KILLED
    found: dict[str, object] = {"authority": judged.folder, "definitions": None}
    return settings_for(to).model_copy(update=found)


def _answered(settings: Settings) -> Counter[object]:
    """How often the ledger has the answer to each file as sent."""
    with reading(settings) as connection:
        events = ledger.events_of(connection, ["answering", "answered by post"])
    about = {e.detail["answer"]: e.detail["about"] for e in events if e.kind == "answering"}
    sent = Counter(about[e.detail["answer"]] for e in events if e.kind == "answered by post")
    return Counter({key: n for key, n in sent.items() if not str(key).startswith("page/")})


def test_files_are_left_once(judged: Posted, tmp_path: Path) -> None:
    for boundary, visit in ((1, 1), (2, 2)):
        drop = tmp_path / f"drop-{boundary}"
        drop.mkdir()
        _declare(judged, drop, "drop")
        settings = _killed_copy(judged, boundary, visit, tmp_path / f"home-{boundary}")
        send_answers(settings)
        assert send_answers(settings) == []
        assert sorted(_answered(settings).values()) == [1, 1]
        assert len(list(drop.rglob("*_letter.txt"))) == 2
        assert list(drop.rglob(".*")) == []


@pytest.mark.parametrize(
    ("boundary", "visit", "mails", "unsure"),
    [(0, 1, 2, 0), (1, 1, 1, 1), (3, 1, 2, 1), (3, 2, 2, 1)],
    ids=["before it is on record", "before it goes", "when it went", "when both went"],
)
def test_a_mail_is_never_sent_again_and_people_are_told(
    boundary: int,
    visit: int,
    mails: int,
    unsure: int,
    judged: Posted,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _declare(judged, tmp_path / "drop", "mailbox")
    with mail_server() as (port, taken):
        for name, value in {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "none"}.items():
            monkeypatch.setenv(f"SOCIAL_VALUE_SMTP_{name}", value)
        monkeypatch.setenv("SOCIAL_VALUE_EMAIL_FROM", "returns@postland.example")
        settings = _killed_copy(judged, boundary, visit, tmp_path / "home-killed")
        send_answers(settings)
        assert send_answers(settings) == []
    assert len({one["Message-ID"] for one in taken}) == len(taken) == mails
    monkeypatch.setenv("SOCIAL_VALUE_NOW", "2022-07-11T11:00:00")
    told = [one.text for one in list_notices(settings) if one.kind == "unsure"]
    assert len(told) == unsure
    assert all("may not have come: it is not sent again" in text for text in told)
