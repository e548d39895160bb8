"""What waits in the inbox, in which order it goes in, and when it may leave."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from flows.authority.places import places_in_use
from flows.common.periods import read_period
from flows.common.settings import Settings
from flows.intake.claim import claimed, leave_inbox
from flows.intake.inbox import make_inbox, sent_again, waiting
from flows.intake.rules import Rules, read_rules
from flows.intake.submission import Ingested, Submission
from flows.intake.take_in import take_in
from flows.returns.identity import Hints
from flows.warehouse.archive import original
from flows.warehouse.connection import reading
from tests.support.definitions import own_definitions
from tests.support.small_returns import PAYMENTS, VENDORS, Take, payments, vendors

UNHEARD_OF = "Payment date,Supplier name,Brass\n2022-04-03,Acme Ltd,100.50\n"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with contracts of their own, so that one can be mended."""
    return own_definitions(settings, tmp_path / "definitions")


def drop(
    settings: Settings, name: str, content: str, age: float = 0, return_name: str = PAYMENTS
) -> Path:
    """A file in the inbox that was written `age` seconds ago."""
    path = settings.inbox / return_name / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def names(sent: list[Submission]) -> list[str]:
    return [one.file_name for one in sent]


def sweep(settings: Settings) -> list[Ingested]:
    """One sweep as `flows.ingest` makes it, without Prefect."""
    rules = read_rules(settings)
    done = []
    for one in [*waiting(settings, rules), *sent_again(settings, rules)]:
        with claimed([one], settings) as (file,):
            assert file is not None
            done.append(take_in(file, rules, settings))
            leave_inbox(file, done[-1])
    return done


def mend(settings: Settings) -> None:
    """The contract learns the sender's word for an amount."""
    path = places_in_use(settings).contracts / "finance_payments.yaml"
    text = path.read_text(encoding="utf-8")
    mended = text.replace("aliases: [Net amount,", "aliases: [Brass, Net amount,")
    assert mended != text
    path.write_text(mended, encoding="utf-8")


def test_files_go_in_as_they_came_whatever_their_return_or_name(
    settings: Settings, rules: Rules
) -> None:
    drop(settings, "lcrca_2022-05.csv", payments(), age=10)
    drop(settings, "zeta_2022-04.csv", payments(), age=30)
    drop(settings, "lcrca_2022-04.csv", vendors(), age=20, return_name=VENDORS)
    found = waiting(settings, rules)
    assert names(found) == ["zeta_2022-04.csv", "lcrca_2022-04.csv", "lcrca_2022-05.csv"]
    assert [one.return_name for one in found] == [PAYMENTS, VENDORS, PAYMENTS]


def test_files_of_one_moment_go_in_by_name(settings: Settings, rules: Rules) -> None:
    moment = time.time() - 60
    for name in ("c.csv", "a.csv", "b.csv"):
        os.utime(drop(settings, name, payments()), (moment, moment))
    assert names(waiting(settings, rules)) == ["a.csv", "b.csv", "c.csv"]


def test_a_file_that_has_just_come_is_looked_at_twice(
    settings: Settings, rules: Rules, capfd: pytest.CaptureFixture[str]
) -> None:
    """A stalled upload is as old as its stall: only one that has not grown meanwhile is whole."""
    patient = settings.model_copy(update={"settle_seconds": 1.0})
    drop(settings, "lcrca_2022-04.csv", payments(), age=60)
    drop(settings, "lcrca_2022-05.csv", payments(month="2022-05"))
    grows = drop(settings, "lcrca_2022-06.csv", payments(month="2022-06"))
    later = threading.Timer(0.5, lambda: grows.write_text(payments(month="2022-06") * 2))
    later.start()
    found = names(waiting(patient, rules))
    later.join()
    assert found == ["lcrca_2022-04.csv", "lcrca_2022-05.csv"]
    assert "2 files have just come: looking again in 1 seconds" in capfd.readouterr().err


def test_old_files_are_taken_at_once(settings: Settings, rules: Rules) -> None:
    drop(settings, "lcrca_2022-04.csv", payments(), age=60)
    began = time.monotonic()
    assert names(waiting(settings.model_copy(update={"settle_seconds": 30.0}), rules))
    assert time.monotonic() - began < 5


def test_hidden_files_links_and_folders_are_left(
    settings: Settings, rules: Rules, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(payments(), encoding="utf-8")
    drop(settings, ".lcrca_2022-04.csv.part", payments())
    (settings.inbox / PAYMENTS / "lcrca_2022-05.csv").symlink_to(outside)
    (settings.inbox / PAYMENTS / "old").mkdir()
    drop(settings, "old/lcrca_2022-06.csv", payments())
    assert waiting(settings, rules) == []
    assert len(list((settings.inbox / PAYMENTS).iterdir())) == 3


def test_an_inbox_that_is_not_there_is_made_with_a_folder_for_each_return(
    settings: Settings, rules: Rules
) -> None:
    assert waiting(settings, rules) == []
    make_inbox(settings, rules)
    assert {path.name for path in settings.inbox.iterdir()} == set(rules.contracts)


def test_a_file_leaves_only_when_it_is_kept(settings: Settings) -> None:
    good = drop(settings, "lcrca_2022-04.csv", payments())
    refused = drop(settings, "lcrca_2022-05.csv", UNHEARD_OF)
    empty = drop(settings, "lcrca_2022-06.csv", "")
    done = {one.file: one.outcome for one in sweep(settings)}
    assert done == {good.name: "loaded", refused.name: "rejected", empty.name: "rejected"}
    assert list((settings.inbox / PAYMENTS).iterdir()) == [empty]
    for content in (payments(), UNHEARD_OF):
        with original(settings, hashlib.sha256(content.encode()).hexdigest()) as kept:
            assert kept.read_text(encoding="utf-8") == content


def test_a_file_that_was_not_kept_stays(settings: Settings, rules: Rules) -> None:
    path = drop(settings, "lcrca_2022-04.csv", payments())
    with claimed(waiting(settings, rules), settings) as (file,):
        assert file is not None
        assert not path.exists()
        leave_inbox(file, Ingested(path.name, PAYMENTS, "rejected"))
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_duplicate_leaves_the_inbox_too(settings: Settings) -> None:
    drop(settings, "lcrca_2022-04.csv", payments())
    sweep(settings)
    again = drop(settings, "lcrca_2022-04.csv", payments())
    assert [one.outcome for one in sweep(settings)] == ["duplicate"]
    assert not again.exists()


def test_a_file_on_the_senders_own_desk_is_never_removed(
    settings: Settings, rules: Rules, tmp_path: Path
) -> None:
    path = tmp_path / "lcrca_2022-04.csv"
    path.write_text(payments(), encoding="utf-8")
    with claimed([Submission(path, PAYMENTS)], settings) as (file,):
        assert file is not None
        done = take_in(file, rules, settings)
        leave_inbox(file, done)
    assert (done.is_kept, path.exists()) == (True, True)


def test_a_rejected_file_is_judged_again_from_the_archive_once_its_contract_is_mended(
    settings: Settings,
) -> None:
    drop(settings, "lcrca_2022-04_corporate.csv", UNHEARD_OF)
    assert [one.outcome for one in sweep(settings)] == ["rejected"]
    assert sweep(settings) == []  # nothing has changed
    mend(settings)
    (done,) = sweep(settings)
    assert (done.outcome, done.file, done.sender, done.period, done.counts.loaded) == (
        "loaded",
        "lcrca_2022-04_corporate.csv",
        "lcrca",
        "2022-04",
        1,
    )
    assert sweep(settings) == []
    with reading(settings) as connection:
        attempts = connection.execute(
            "select attempt, outcome, part from warehouse.ledger.returns order by attempt"
        ).fetchall()
    assert attempts == [(1, "rejected", "corporate"), (2, "loaded", "corporate")]


def test_what_the_command_line_said_of_a_rejected_file_is_remembered(
    settings: Settings, take: Take
) -> None:
    hints = Hints("halton", read_period("2022-04"), "transport")
    assert take(UNHEARD_OF, "list.csv", hints=hints, use=read_rules(settings)).outcome == "rejected"
    mend(settings)
    (done,) = sweep(settings)
    assert (done.outcome, done.sender, done.period) == ("loaded", "halton", "2022-04")
    with reading(settings) as connection:
        parts = connection.execute(
            "select distinct part, period from warehouse.ledger.returns"
        ).fetchall()
    assert parts == [("transport", "2022-04")]


def test_a_rejected_file_that_was_sent_again_under_a_good_name_is_not_judged_once_more(
    settings: Settings,
) -> None:
    nameless = payments().replace("Net amount", "Brass")
    drop(settings, "lcrca_2022-04.csv", nameless)
    sweep(settings)
    mend(settings)
    drop(settings, "lcrca_2022-04.csv", nameless)
    assert [one.outcome for one in sweep(settings)][:1] == ["loaded"]
    assert sweep(settings) == []


def test_a_rejected_file_of_a_return_with_further_tables_is_judged_once(
    settings: Settings,
) -> None:
    drop(settings, "lcrca_2022-23-q1.csv", "Measure\nM08\n", return_name="procurement_commitments")
    assert [one.outcome for one in sweep(settings)] == ["rejected"]
    assert sweep(settings) == []


def test_a_rejected_file_whose_mended_contract_still_rejects_it_is_judged_once_for_each_mending(
    settings: Settings,
) -> None:
    drop(settings, "lcrca_2022-04.csv", "Supplier name,Brass\nAcme Ltd,100.50\n")
    assert [one.outcome for one in sweep(settings)] == ["rejected"]
    mend(settings)
    assert [one.outcome for one in sweep(settings)] == ["rejected"]
    assert sweep(settings) == []
