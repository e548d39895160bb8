"""Answers go back by the road that the files came: once each, and nothing personal by mail."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows.intake.rules import Rules
from flows.operations.ingest import ingest
from flows.operations.notices import list_notices
from flows.operations.record import LogRecord
from flows.post.answers.carry import leave
from flows.post.answers.send import Sent, send_answers
from flows.post.sources import read_sources
from tests.support.canaries import NAME, as_csv, table_of
from tests.support.listening import mail_server
from tests.support.places import OnDisk, Place
from tests.support.posted import Posted
from tests.support.small_returns import payments

EVERY = ["loaded", "held", "partly quarantined", "rejected"]
BAD = payments(3, extra=["2022-04-09,Roses & Co,TBC,2022-04/9,S2"])
MAILBOX: dict[str, object] = {
    "id": "mailbox",
    "address": "imaps://returns@127.0.0.1/INBOX",
    "known_by": "address",
}


def senders(answers: dict[str, object], returns: tuple[str, ...] = ("finance_payments",)) -> object:
    birch = {"id": "birch", "returns": list(returns), "addresses": ["ledger@birch.example"]}
    return [{"id": "acme", "returns": ["finance_payments"]}, {**birch, "answers": answers}]


def declare(posted: Posted, place: Place, answers: dict[str, object]) -> None:
    source = {"id": "drop", "senders": ["acme", "birch"], **place.source}
    posted.declare(source, senders=senders(answers))


def take_in_all(posted: Posted, postcodes: Path) -> None:
    posted.settings.postcodes = postcodes
    assert posted.collect().fault == ""
    ingest(None, posted.settings, LogRecord(posted.settings, "ingest"))


def sent(posted: Posted, dry_run: bool = False) -> list[str]:
    """What is about files: each answer's subject, or why it did not go."""
    done = send_answers(posted.settings, dry_run=dry_run)
    return [one.fault or one.subject for one in done if _is_of_a_file(one)]


def _is_of_a_file(one: Sent) -> bool:
    return not one.about.startswith(("page/", "letter/"))


def test_an_answer_lies_once_at_the_source_and_is_never_fetched(
    posted: Posted,
    place: Place,
    postcodes: Path,
) -> None:
    declare(posted, place, {"when": EVERY})
    place.put("birch_2022-04.csv", BAD.encode())
    place.put("birch_2022-05.csv", payments(3, "2022-05").encode(), at=1_657_000_001)
    take_in_all(posted, postcodes)
    before = place.names()
    told = ["2022-04: partly quarantined", "2022-05: loaded"]
    assert [one.rpartition(", ")[2] for one in sent(posted, dry_run=True)] == told
    assert place.names() == before
    assert [one.rpartition(", ")[2] for one in sent(posted)] == told
    left = [one for one in place.names() if one.startswith("answers/birch/2022-07-11_")]
    assert sorted(one.rpartition("/")[2] for one in left) == [
        "birch_2022-04_answer.csv",
        "birch_2022-04_letter.txt",
        "birch_2022-05_letter.txt",
    ]
    assert "answers/birch/index.html" in place.names()
    assert "answers/birch/templates/finance_payments.xlsx" in place.names()
    assert send_answers(posted.settings) == []
    done = posted.collect()
    assert (done.collected, done.known, done.aside) == (0, 0, [])
    recorded = str([(one.subject, one.detail) for one in posted.events("answering")]).lower()
    assert [one for one in ("csv", "@", "april", "roses") if one in recorded] == []


def test_only_what_the_rule_says_is_answered(
    posted: Posted,
    tmp_path: Path,
    postcodes: Path,
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    here = OnDisk(drop, {"address": str(drop)})
    declare(posted, here, {})
    here.put("birch_2022-04.csv", payments().encode())
    here.put("birch_2022-05.csv", b"Employee,Town\nx,Leeds\n")
    here.put("acme_2022-04.csv", b"Employee,Town\nx,Leeds\n")  # of whom no rule speaks
    take_in_all(posted, postcodes)
    (subject,) = sent(posted)
    assert subject.endswith(": rejected")


def by_mail(posted: Posted, drop: Path, port: int, rules: Rules, **answers: object) -> None:
    """Files of a folder, answered by mail."""
    mail = {**MAILBOX, "senders": ["birch"]}
    own = {"id": "own", "address": str(drop / "own"), "senders": ["birch"]}
    returns = ("finance_payments", "hr_workforce")
    declared = {"id": "drop", "address": str(drop), "senders": ["acme", "birch"]}
    rule = {"by": "mailbox", "when": EVERY, **answers}
    posted.declare(declared, mail, own, senders=senders(rule, returns))
    posted.settings.smtp_host, posted.settings.smtp_port = "127.0.0.1", port
    posted.settings.smtp_security = "none"
    posted.settings.email_from = "returns@postland.example"
    posted.settings.smtp_password = SecretStr("opensesame")


def put_people(drop: Path, rules: Rules) -> None:
    """A return with a person, one with none, and one whose name is a person's."""
    header, person = table_of(rules.contracts["hr_workforce"], rules.suites["hr_workforce"])
    broken = [
        "" if name == "Snapshot date" else cell for name, cell in zip(header, person, strict=True)
    ]
    (drop / "hr_workforce_birch_2022-23-q1.csv").write_bytes(as_csv([header, person, broken]))
    (drop / "finance_payments_birch_2022-04.csv").write_text(BAD)
    (drop / f"finance_payments_birch_2022-05_{NAME.lower().replace(' ', '-')}.csv").write_text(
        payments(2, "2022-05")
    )


def take_in_from(posted: Posted, postcodes: Path) -> None:
    from flows.post.collect import collect

    posted.settings.postcodes = postcodes
    assert collect(posted.settings, "drop")[0].fault == ""
    ingest(None, posted.settings, LogRecord(posted.settings, "ingest"))


def whole(message: EmailMessage) -> str:
    """All that a message says, with what is attached to it."""
    parts = [str(message.items())]
    for part in message.walk():
        content = part.get_payload(decode=True)
        parts.append(
            f"{part.get_filename()} {content.decode('utf-8', 'replace')}"
            if isinstance(content, bytes)
            else ""
        )
    return "\n".join(parts)


def test_no_mail_holds_a_person_and_each_says_where_the_answer_lies(
    posted: Posted, tmp_path: Path, postcodes: Path, rules: Rules
) -> None:
    drop = tmp_path / "drop"
    (drop / "own").mkdir(parents=True)
    with mail_server() as (port, taken):
        by_mail(posted, drop, port, rules, place="own", open_to="Birch's ledger team")
        put_people(drop, rules)
        take_in_from(posted, postcodes)
        assert len(sent(posted)) == 3
        assert send_answers(posted.settings) == []
    mails = {str(one["Subject"]): whole(one) for one in taken}
    assert len(mails) == len(taken) == 4  # and the month's letter
    assert all(one["To"] == "ledger@birch.example" for one in taken)
    assert all(one["Auto-Submitted"] == "auto-generated" for one in taken)
    everything = "\n".join(mails.values()).lower()
    assert [word for word in ("quackenbush", "zebediah", "776655") if word in everything] == []
    (people,) = (
        text for text in mails.values() if "workforce" in text.lower() and "not sent" in text
    )
    assert f"{drop}/own/answers/birch/2022-07-11_hr_workforce_" in people
    assert "open to Birch's ledger team" in people
    (money,) = (
        text for text in mails.values() if "finance_payments_birch_2022-04_answer.csv" in text
    )
    assert "Mend these" in money
    own = sorted(
        p.relative_to(drop / "own/answers/birch").as_posix() for p in (drop / "own").rglob("*.csv")
    )
    assert [one.rpartition("/")[2] for one in own] == [
        "birch_2022-04_answer.csv",
        "birch_2022-23-q1_answer.csv",
    ]


def test_a_mail_that_cannot_go_is_told_once_and_sent_later(
    posted: Posted, tmp_path: Path, postcodes: Path, rules: Rules
) -> None:
    drop = tmp_path / "drop"
    (drop / "own").mkdir(parents=True)
    with mail_server("550 no") as (port, taken):
        by_mail(posted, drop, port, rules, monthly=False)
        (drop / "finance_payments_birch_2022-04.csv").write_text(BAD)
        take_in_from(posted, postcodes)
        for _ in range(2):
            (fault,) = sent(posted)
            assert "did not take the message" in fault
        assert taken == []
    keys = [one.key for one in list_notices(posted.settings) if "could not be sent" in one.text]
    assert len(keys) == 1
    with mail_server() as (port, taken):
        posted.settings.smtp_port = port
        (subject,) = sent(posted)
        assert (subject.endswith("partly quarantined"), len(taken)) == (True, 1)
    assert not [one for one in list_notices(posted.settings) if "could not be sent" in one.text]


def test_an_answer_that_comes_back_is_no_submission(
    posted: Posted, tmp_path: Path, postcodes: Path
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    here = OnDisk(drop, {"address": str(drop)})
    declare(posted, here, {"when": EVERY})
    here.put("birch_2022-04.csv", BAD.encode())
    take_in_all(posted, postcodes)
    send_answers(posted.settings)
    (answer,) = drop.rglob("*_answer.csv")
    here.put("birch_2022-06.csv", answer.read_bytes())
    done = posted.collect()
    assert [why for _, why in done.aside] == ["It is an answer that was sent from here."]


def test_a_link_in_a_shared_folder_leads_nowhere(posted: Posted, tmp_path: Path) -> None:
    drop, secret = tmp_path / "drop", tmp_path / "elsewhere"
    drop.mkdir()
    secret.mkdir()
    (drop / "answers").symlink_to(secret)
    declare(posted, OnDisk(drop, {"address": str(drop)}), {})
    (source,) = read_sources(posted.settings).sources
    with pytest.raises(Exception, match="cannot be used"):
        leave(source, {"answers/birch/x.txt": b"x"}, posted.settings)
    assert list(secret.iterdir()) == []
