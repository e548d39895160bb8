"""People planted in every return, taken in by the post and answered by mail: no mail has them."""

import os
from itertools import islice
from pathlib import Path

from flows.intake.rules import Rules
from flows.operations.ingest import ingest
from flows.operations.record import LogRecord
from flows.post.answers.send import send_answers
from flows.post.collect import collect
from tests.post.test_answers import EVERY, MAILBOX, whole
from tests.support.canaries import FINDABLE, TRACES, bad_files, good_files
from tests.support.listening import mail_server
from tests.support.posted import Posted

ROUNDS = int(os.environ.get("SOCIAL_VALUE_FAULT_ROUNDS", "1"))  # so many good returns, in all 14
SENDERS = ("lcrca", "s400101", "head-of-people", "s400102", "merseytravel", "others")


def test_no_mail_holds_what_is_planted(
    posted: Posted, tmp_path: Path, postcodes: Path, rules: Rules
) -> None:
    drop = tmp_path / "drop"
    files = [*islice(good_files(rules), ROUNDS), *bad_files(rules)]
    for return_name, name, content in files:
        (drop / return_name).mkdir(parents=True, exist_ok=True)
        (drop / return_name / name).write_bytes(content)
    answers = {"by": "mailbox", "when": EVERY}
    senders = [
        {"id": one, "returns": [*rules.contracts], "addresses": [f"x@{one}.example"]}
        | {"answers": answers}
        for one in SENDERS
    ]
    everybody = {"senders": [*SENDERS]}
    source = {"id": "drop", "address": str(drop), **everybody}
    posted.declare(source, {**MAILBOX, **everybody}, senders=senders)
    posted.settings.postcodes = postcodes
    assert collect(posted.settings, "drop")[0].fault == ""
    done = ingest(None, posted.settings, LogRecord(posted.settings, "ingest"))
    with mail_server() as (port, taken):
        posted.settings.smtp_host, posted.settings.smtp_port = "127.0.0.1", port
        posted.settings.smtp_security = "none"
        posted.settings.email_from = "returns@postland.example"
        sent = send_answers(posted.settings)
    assert [one.fault for one in sent if one.fault] == []
    letters = [one for one in sent if one.about.startswith("letter/")]
    assert len(taken) == len(done) + len(letters)
    everything = "\n".join(map(whole, taken)).lower()
    assert "_answer.csv" in everything
    assert [one for one in TRACES if one.lower() in everything] == []
    recorded = str([one.detail for one in posted.events("answering", "answered by post")]).lower()
    assert [one for one in (*TRACES, FINDABLE) if one.lower() in recorded] == []
