"""What came by the post is taken in as its sender's, and people are told of what did not."""

from pathlib import Path

import pytest

from flows.audit.trace_file import origins_of
from flows.intake.inbox import waiting
from flows.intake.rules import read_rules
from flows.operations.ingest import ingest
from flows.operations.notices import list_notices
from flows.operations.record import LogRecord
from flows.operations.setup.check import check
from flows.operations.setup.sources import sources as look_of_doctor
from tests.support.posted import Posted
from tests.support.small_returns import PAYMENTS, payments


@pytest.fixture
def drop(posted: Posted, tmp_path: Path) -> Path:
    drop = tmp_path / "drop"
    for sender in ("acme", "birch"):
        (drop / sender / PAYMENTS).mkdir(parents=True)
    source = {"id": "drop", "address": str(drop), "senders": ["acme", "birch"]}
    posted.declare({**source, "known_by": "folder"})
    return drop


def test_two_senders_who_call_their_files_alike_are_both_taken_in(
    posted: Posted, drop: Path, postcodes: Path
) -> None:
    posted.settings.postcodes = postcodes
    for sender, rows in (("acme", 3), ("birch", 4)):
        (drop / sender / PAYMENTS / "april.csv").write_text(payments(rows))
    assert posted.collect().collected == 2
    done = ingest(None, posted.settings, LogRecord(posted.settings, "ingest"))
    assert {(one.sender, one.period, one.outcome, one.counts.loaded) for one in done} == {
        ("acme", "2022-04", "loaded", 3),
        ("birch", "2022-04", "loaded", 4),
    }
    assert waiting(posted.settings, read_rules(posted.settings)) == []
    for one in done:
        (origin,) = origins_of(posted.settings, one.returns[0])
        assert (origin.source, origin.sender, origin.return_name) == ("drop", one.sender, PAYMENTS)
        assert origin.collected_at == "2022-07-11T09:00:00"


def test_people_are_told_once_of_what_did_not_come(posted: Posted, drop: Path) -> None:
    (drop / "stranger.csv").write_text("x")
    posted.collect()
    drop.rename(drop.with_name("gone"))
    for _ in range(2):
        assert posted.collect().fault
    told = [one.text for one in list_notices(posted.settings) if one.kind == "post"]
    assert told == [
        "drop, a file of 11 July 2022 was set aside: Its folder names no sender whose files drop"
        " may bring.",
        "drop: the folder is not there: is the disk mounted?",
    ]
    drop.with_name("gone").rename(drop)
    posted.collect()
    assert len([one for one in list_notices(posted.settings) if one.kind == "post"]) == 1


def test_the_doctor_tries_each_source(posted: Posted, drop: Path) -> None:
    (drop / "birch" / PAYMENTS / "april.csv").write_text(payments())
    gone = {"id": "gone", "address": str(drop / "gone"), "senders": ["birch"]}
    posted.declare({**gone, "id": "drop", "address": str(drop)}, gone)
    assert [(one.state, one.found) for one in look_of_doctor(posted.settings)] == [
        ("fine", "drop: 1 file lies there"),
        ("wrong", "gone: the folder is not there: is the disk mounted?"),
    ]
    posted.declare({"id": "drop"})
    (found,) = look_of_doctor(posted.settings)
    assert (found.state, "sources.yaml, line" in found.found) == ("wrong", True)


def test_the_doctor_says_that_mail_cannot_go(posted: Posted, drop: Path) -> None:
    address = {"addresses": ["ledger@birch.example"], "answers": {"by": "mail"}}
    birch = {"id": "birch", "returns": [PAYMENTS], **address}
    mail = {"id": "mail", "address": "imaps://x@127.0.0.1:9/", "known_by": "address"}
    posted.declare({**mail, "senders": ["birch"]}, senders=[birch])
    said = "answers to birch go by mail, and no mail server or address is set"
    assert said in [one.found for one in look_of_doctor(posted.settings)]
    posted.settings.smtp_host = "mail.postland.example"
    posted.settings.email_from = "returns@postland.example"
    assert said not in [one.found for one in look_of_doctor(posted.settings)]


def test_check_names_a_return_that_there_is_not(posted: Posted, drop: Path) -> None:
    posted.declare(senders=[{"id": "acme", "returns": ["finance_paymnts"]}])
    faults = [one for one in check(posted.folder) if one.file == "sources.yaml"]
    assert [one.what for one in faults] == ["there is no return called finance_paymnts"]
    posted.declare({"id": "drop", "address": "drop", "senders": ["acme"]})
    (fault,) = (one for one in check(posted.folder) if one.file == "sources.yaml")
    assert "write /a/folder" in fault.what
