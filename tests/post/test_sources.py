"""sources.yaml: what may stand in it, whose a file is, and where passwords are had."""

import re
from pathlib import Path

import pytest
import yaml

from flows.common.declarations import DeclarationError, parse_declared
from flows.post.brought import Brought, NotTaken, brought, is_temporary
from flows.post.credentials import NoCredential, credential, needed
from flows.post.sources import Source, Sources, read_sources
from tests.support.documents import ROOT
from tests.support.posted import SENDERS, Posted

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE"
RETURNS = ("finance_payments", "finance_vendors", "hr_workforce")


def sources_of(**source: object) -> Sources:
    given = {"id": "drop", "address": "/srv/drop", "senders": ["acme", "birch"], **source}
    return Sources.model_validate({"senders": SENDERS, "sources": [given]})


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"address": "drop"}, "write /a/folder"),
        ({"address": "ftp://drop.example"}, "write /a/folder"),
        ({"address": "sftp://me:secret@drop.example", "host_key": KEY}, "no password stands here"),
        ({"address": "sftp://me@drop.example"}, "host_key"),
        ({"address": "sftp://drop.example", "host_key": KEY}, "who signs in"),
        ({"address": "imaps://me@mail.example/INBOX"}, "known by their address"),
        ({"known_by": "address"}, "known by their address"),
        ({"afterwards": "flagged"}, "only mail"),
        ({"known_by": "source"}, "that one sender"),
        ({"senders": ["nobody"]}, "no sender is called nobody"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(given: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        sources_of(**given)


def test_the_file_names_its_line(posted: Posted) -> None:
    posted.declare({"id": "drop", "address": "/srv/drop", "senders": ["acme"], "colour": "red"})
    with pytest.raises(DeclarationError, match=r"sources\.yaml, line \d+: sources\.0\.colour"):
        read_sources(posted.settings)


def test_an_address_belongs_to_one_sender() -> None:
    text = """
senders:
  - {id: a, returns: [finance_payments], addresses: [x@a.example]}
  - {id: b, returns: [finance_payments], addresses: [X@a.example]}
"""
    with pytest.raises(DeclarationError, match="belongs to one sender"):
        parse_declared(text, "sources.yaml", Sources)


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"by": "elsewhere"}, "name a source that brings his files"),
        ({"by": "mailbox"}, "he has no address"),
        ({"place": "drop", "open_to": "all"}, "place: name a folder, sftp or s3 of this sender"),
        ({"place": "own"}, "say who can open what lies at own"),
        ({"when": ["late"]}, "Input should be"),
    ],
)
def test_a_rule_for_answers_that_cannot_be_is_said_in_a_sentence(
    answers: dict[str, object], fault: str
) -> None:
    sources = [
        {"id": "drop", "address": "/srv/drop", "senders": ["acme", "birch"]},
        {"id": "own", "address": "/srv/own", "senders": ["birch"]},
        {"id": "mailbox", "address": "imaps://x@a/", "senders": ["birch"], "known_by": "address"},
    ]
    senders = [SENDERS[0], {**SENDERS[1], "answers": answers}]
    with pytest.raises(ValueError, match=fault):
        Sources.model_validate({"senders": senders, "sources": sources})


def test_what_the_page_shows_can_be_declared() -> None:
    page = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```\n(senders:.*?)^```", page, flags=re.M | re.S)
    first, answered = (
        yaml.safe_load(text.replace("AAAAC3NzaC1lZDI1NTE5AAAAI...", KEY.split()[1]))
        for text in shown
    )
    whole = {**answered, "sources": [*first["sources"], *answered["sources"]]}
    assert [one.kind for one in Sources.model_validate(first).sources] == [
        *("folder", "sftp", "s3", "imap"),
    ]
    declared = Sources.model_validate(whole)
    _, holme = declared.senders
    way, place = declared.way_back(holme), declared.place_of(holme)
    assert (way and way.id, place and place.id) == ("mailbox", "holme-sftp")


def who(path: str, **source: object) -> Brought:
    declared = sources_of(**source)
    return brought(declared, declared.sources[0], path, RETURNS)


def test_sender_and_return_are_known_by_name_folder_or_source() -> None:
    name = "birch_2022-04.csv"
    assert who(name) == Brought("birch", "finance_payments", name)
    assert who(f"finance_vendors_{name.replace('birch', 'acme')}").return_name == "finance_vendors"
    by_folder = who("Birch/april.csv", known_by="folder")
    assert by_folder == Brought("birch", "finance_payments", "april.csv")
    own = who("finance_vendors/list.csv", known_by="source", senders=["acme"])
    assert own == Brought("acme", "finance_vendors", "list.csv")


@pytest.mark.parametrize(
    ("path", "source", "why"),
    [
        ("stranger_2022-04.csv", {}, "names no sender"),
        ("april.csv", {}, "names no sender"),
        ("acme_2022-04.csv", {}, "Nothing says which return of acme"),
        ("hr_workforce_acme_2022-23-Q1.csv", {}, "acme may not bring hr_workforce"),
        ("finance_vendors_acme_2022-04.csv", {"returns": ["finance_payments"]}, "may not bring"),
        ("cedar_2022-23-Q1.csv", {}, "names no sender whose files drop may bring"),
        ("birch/acme_2022-04.csv", {"known_by": "folder"}, "its name speaks of acme"),
        ("birch/../acme/x.csv", {"known_by": "folder"}, "leads out of the folder"),
        ("../birch_2022-04.csv", {}, "leads out of the folder"),
        ("/birch_2022-04.csv", {}, "leads out of the folder"),
        ("birch_2022-04\n.csv", {}, "signs that no name may hold"),
        ("..\\birch_2022-04.csv", {}, "signs that no name may hold"),
        (f"birch_2022-04_{'x' * 200}.csv", {}, "longer than"),
    ],
)
def test_what_may_not_be_brought_is_not_taken(
    path: str, source: dict[str, object], why: str
) -> None:
    with pytest.raises(NotTaken, match=why) as refused:
        who(path, **source)
    assert "april" not in str(refused.value)  # the sentence goes into the ledger: no file's name
    assert path not in str(refused.value)


@pytest.mark.parametrize("name", [".x.csv", "x.csv.part", "x.filepart", "~$x.xlsx", "x.TMP"])
def test_what_programs_are_at_work_with_is_left(name: str) -> None:
    assert is_temporary(f"acme/{name}")
    assert not is_temporary("acme/birch_2022-04.csv")


def test_a_password_comes_from_the_environment_or_a_file_of_ours_alone(
    posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source.model_validate({"id": "big-drop", "address": "/srv", "senders": ["acme"]})
    path = posted.settings.credentials_path
    assert path.parent == posted.settings.home.parent  # no copy of the home has it
    with pytest.raises(NoCredential, match="SOCIAL_VALUE_SOURCE_BIG_DROP_PASSWORD"):
        needed(posted.settings, source, "PASSWORD")
    path.write_text("# ours\nBIG_DROP_PASSWORD = pa=ss\n")
    path.chmod(0o640)
    with pytest.raises(NoCredential, match="chmod 600") as open_to_others:
        needed(posted.settings, source, "PASSWORD")
    assert "pa=ss" not in str(open_to_others.value)
    path.chmod(0o600)
    assert credential(posted.settings, source, "PASSWORD") == "pa=ss"
    monkeypatch.setenv("SOCIAL_VALUE_SOURCE_BIG_DROP_PASSWORD", "other")
    assert credential(posted.settings, source, "PASSWORD") == "other"


def test_a_folder_without_the_file_has_no_sources(posted: Posted) -> None:
    assert read_sources(posted.settings) == Sources()
    assert not Path(posted.folder, "sources.yaml").exists()
