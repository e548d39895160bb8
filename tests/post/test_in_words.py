"""The post by the command: what would come and go, what went, and a sender's page."""

import json
from pathlib import Path

import pytest

from flows.commands.cli import main
from flows.operations.ingest import ingest
from flows.operations.record import LogRecord
from tests.post.test_answers import BAD
from tests.support.posted import Posted


@pytest.fixture
def drop(posted: Posted, tmp_path: Path, postcodes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Birch puts a file with a bad row; whoever runs the command has the authority's home."""
    drop = tmp_path / "drop"
    drop.mkdir()
    birch = {"id": "birch", "returns": ["finance_payments"], "answers": {"monthly": False}}
    source: dict[str, object] = {"id": "drop", "address": str(drop), "senders": ["birch"]}
    posted.declare(source, senders=[birch])
    (drop / "birch_2022-04.csv").write_text(BAD)
    monkeypatch.setenv("SOCIAL_VALUE_AUTHORITY", str(posted.folder))
    monkeypatch.setenv("SOCIAL_VALUE_POSTCODES", str(postcodes))
    monkeypatch.delenv("SOCIAL_VALUE_DEFINITIONS")
    posted.settings.postcodes = postcodes
    return drop


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says of these words."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_what_would_come_and_go_is_said_before_it_does(
    posted: Posted, drop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (would,) = json.loads(said(capsys, "collect", "--dry-run", "--json"))
    assert (would["collected"], posted.inbox()) == (1, [])
    said(capsys, "collect")
    ingest(None, posted.settings, LogRecord(posted.settings, "ingest"))
    answer, page = json.loads(said(capsys, "reply", "--dry-run", "--json"))
    assert (answer["sender"], answer["by"], answer["sent"]) == ("birch", "drop", False)
    assert page["subject"] == "Your page"
    assert not (drop / "answers").exists()
    assert "2022-04: partly quarantined" in said(capsys, "reply", "--sender", "birch")
    assert (drop / "answers" / "birch" / "index.html").is_file()
    assert said(capsys, "reply") == "There is nothing to send.\n"
    own = tmp_path / "birch.html"
    said(capsys, "status", "--sender", "birch", "--page", str(own))
    assert "What is wrong, and how to mend it" in own.read_text()
