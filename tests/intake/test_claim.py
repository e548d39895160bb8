"""A file is moved away before it is read: what comes under its name meanwhile is another file."""

import os
from pathlib import Path

import pytest

from flows.common.settings import Settings
from flows.intake import take_in as intake
from flows.intake.claim import claimed, leave_inbox
from flows.intake.inbox import make_inbox, waiting
from flows.intake.rules import Rules
from flows.intake.submission import Ingested
from flows.warehouse.connection import reading
from tests.support.small_returns import PAYMENTS, payments

NAME = "lcrca_2022-04.csv"


@pytest.fixture
def inbox(settings: Settings, rules: Rules) -> Path:
    make_inbox(settings, rules)
    return settings.inbox / PAYMENTS


def sweep(settings: Settings, rules: Rules) -> list[Ingested | None]:
    """Everything that waits, taken in one after the other."""
    done: list[Ingested | None] = []
    for one in waiting(settings, rules):
        with claimed([one], settings) as (file,):
            done.append(None if file is None else intake.take_in(file, rules, settings))
            if file is not None and done[-1] is not None:
                leave_inbox(file, done[-1])
    return done


def loaded(settings: Settings) -> list[tuple[object, ...]]:
    with reading(settings) as connection:
        return connection.execute(
            "select outcome, amount_total::varchar from warehouse.ledger.returns "
            "order by received_at, attempt, outcome"
        ).fetchall()


def test_a_correction_put_in_place_while_its_predecessor_is_read_stays(
    inbox: Path, settings: Settings, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / NAME).write_text(payments(), encoding="utf-8")
    judge = intake.judge_files

    def meanwhile(*args: object) -> None:
        monkeypatch.setattr(intake, "judge_files", judge)
        (inbox / ".part").write_text(payments() + payments().splitlines()[-1], encoding="utf-8")
        (inbox / ".part").replace(inbox / NAME)
        judge(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "judge_files", meanwhile)
    assert [one and one.outcome for one in sweep(settings, rules)] == ["loaded"]
    assert (inbox / NAME).read_text(encoding="utf-8").count("\n") > payments().count("\n") - 1
    assert [one and one.outcome for one in sweep(settings, rules)] == ["loaded"]
    assert list(inbox.iterdir()) == []


@pytest.mark.parametrize("step", ["store", "read", "judge_files", "keep_batch"])
def test_who_goes_on_writing_to_a_file_loses_nothing(
    step: str, inbox: Path, settings: Settings, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stalled upload goes on: its rest lands in the file that was claimed, which goes back."""
    text = payments()
    (inbox / NAME).write_text(text, encoding="utf-8")
    upload = (inbox / NAME).open("a", encoding="utf-8")
    do = getattr(intake, step)

    def meanwhile(*args: object) -> object:
        monkeypatch.setattr(intake, step, do)
        upload.write(text.splitlines()[-1].replace("100.50", "11.00") + "\n")
        upload.close()
        return do(*args)

    monkeypatch.setattr(intake, step, meanwhile)
    sweep(settings, rules)
    assert (inbox / NAME).exists()
    sweep(settings, rules)
    assert list(inbox.iterdir()) == []
    assert loaded(settings)[-1] == ("loaded", "312.50")


def test_a_file_that_goes_between_the_look_and_the_claim_is_no_fault(
    inbox: Path, settings: Settings, rules: Rules
) -> None:
    (inbox / NAME).write_text(payments(), encoding="utf-8")
    found = waiting(settings, rules)
    (inbox / NAME).unlink()
    with claimed(found, settings) as files:
        assert files == [None]
    assert list(inbox.iterdir()) == []


def test_a_file_that_has_changed_since_it_was_seen_waits(
    inbox: Path, settings: Settings, rules: Rules
) -> None:
    (inbox / NAME).write_text(payments(), encoding="utf-8")
    found = waiting(settings, rules)
    (inbox / NAME).write_text(payments() * 2, encoding="utf-8")
    with claimed(found, settings) as files:
        assert files == [None]
    assert [one.name for one in inbox.iterdir()] == [NAME]


def test_a_link_that_came_in_the_place_of_a_file_is_not_followed(
    inbox: Path, settings: Settings, rules: Rules, tmp_path: Path
) -> None:
    (inbox / NAME).write_text(payments(), encoding="utf-8")
    found = waiting(settings, rules)
    (inbox / NAME).rename(tmp_path / "elsewhere.csv")
    (inbox / NAME).symlink_to(tmp_path / "elsewhere.csv")
    with claimed(found, settings) as files:
        assert files == [None]
    assert (inbox / NAME).is_symlink()
    assert waiting(settings, rules) == []


def test_a_link_to_another_folder_is_no_claim_and_nothing_is_moved_out_of_there(
    inbox: Path, settings: Settings, rules: Rules, tmp_path: Path
) -> None:
    """Else whoever may write to the inbox could have any file of ours moved, the key for one."""
    private = tmp_path / "private"
    private.mkdir()
    (private / "id").write_text("a key", encoding="utf-8")
    (inbox / ".taken-1-forged").symlink_to(private)
    assert sweep(settings, rules) == []
    assert (private / "id").read_text(encoding="utf-8") == "a key"


def test_what_a_run_that_is_no_more_had_claimed_waits_under_its_name(
    inbox: Path, settings: Settings, rules: Rules
) -> None:
    left = inbox / ".taken-1-dead"
    left.mkdir()
    (left / NAME).write_text(payments(), encoding="utf-8")
    (inbox / NAME).write_text(payments(month="2022-05"), encoding="utf-8")
    os.utime(left / NAME, (1, 1))
    done = sweep(settings, rules)
    assert [one and (one.file, one.outcome) for one in done] == [(NAME, "loaded")] * 2
    assert waiting(settings, rules) == []
    assert list(inbox.iterdir()) == []


def test_what_a_run_at_work_has_claimed_is_left_to_it(
    inbox: Path, settings: Settings, rules: Rules
) -> None:
    (inbox / NAME).write_text(payments(), encoding="utf-8")
    with claimed(waiting(settings, rules), settings) as (file,):
        assert file is not None
        assert waiting(settings, rules) == []
        assert file.path.exists()
    assert [one.name for one in inbox.iterdir()] == [NAME]


def test_a_name_that_is_no_utf_8_is_answered_and_the_others_go_in(
    inbox: Path, settings: Settings, rules: Rules
) -> None:
    odd = os.path.join(os.fsencode(inbox), b"lcrca_2022-04_corporat\xe9.csv")
    with open(odd, "w", encoding="utf-8") as stream:
        stream.write(payments())
    (inbox / NAME).write_text(payments(month="2022-05"), encoding="utf-8")
    done = {one.file: one for one in sweep(settings, rules) if one}
    assert done[NAME].outcome == "loaded"
    refused = done["lcrca_2022-04_corporat\ufffd.csv"]
    assert refused.outcome == "rejected"
    assert "give --sender" in (refused.reason or "")
    assert list(inbox.iterdir()) == []
