"""Whatever is judged faster, a sweep keeps its files in one order: two sweeps have one ledger."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.intake import take_in as intake
from flows.intake.batch import Batch, Opened
from flows.intake.lanes import queue_of
from flows.intake.rules import Rules
from flows.intake.submission import Submission
from flows.intake.turns import OwnTurns
from flows.operations.ingest import ingest, side_by_side
from flows.operations.record import LogRecord
from flows.warehouse.connection import reading
from tests.support.disturbed import FILES, HEADER, KEY, fill, state
from tests.support.small_returns import CONTROLS, PAYMENTS, VENDORS

Slow = Callable[[str], None]
DEPRIVATION = "Postcode,IMD decile\nL3 1BP,3\n"
WORKFORCE = (
    "Employer,Snapshot date,Employee number,Home postcode,FTE\nlcrca,30/06/2022,E1,L3 1BP,1\n"
)


@pytest.fixture
def slow(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """Lets the judge take a second more over every batch of a return, and of no other."""
    monkeypatch.setenv("SOCIAL_VALUE_KEY", KEY)
    judge = intake.judge_files

    def slowed(return_name: str) -> None:
        def late(opened: Sequence[Opened], batch: Batch) -> None:
            if batch.contract.return_name == return_name:
                time.sleep(1)
            judge(opened, batch)

        monkeypatch.setattr(intake, "judge_files", late)

    return slowed


def swept(home: Path, at_once: int = 2) -> dict[str, object]:
    settings = settings_for(home).model_copy(update={"side_by_side": at_once})
    ingest(None, settings, LogRecord(settings, "ingest"))
    return state(settings)


def ledger(settings: Settings) -> list[tuple[str, object]]:
    with reading(settings) as connection:
        return connection.execute(
            "select kind, subject from warehouse.ledger.events order by seq"
        ).fetchall()


def test_two_sweeps_of_the_same_files_have_the_same_ledger(slow: Slow, tmp_path: Path) -> None:
    homes = {name: tmp_path / name for name in ("payments", "vendors", "alone")}
    for home in homes.values():
        fill(settings_for(home))
    slow(PAYMENTS)
    first = swept(homes["payments"])
    slow(VENDORS)
    second = swept(homes["vendors"])
    assert first["ledger.events"] == second["ledger.events"]
    assert first["ledger.standing"] == second["ledger.standing"]
    assert first == second
    assert first == swept(homes["alone"], 1)
    assert len(first["ledger.events"]) >= len(FILES)  # type: ignore[arg-type]


def test_deciles_are_looked_up_in_what_comes_in_the_same_sweep(
    slow: Slow, settings: Settings, postcodes: Path, rules: Rules
) -> None:
    """Else it were chance whether they are there at once, or derived again."""
    for name, file, text in (
        ("hr_workforce", "lcrca_2022-23-q1.csv", WORKFORCE),
        ("reference_deprivation", "lcrca_2022-23.csv", DEPRIVATION),
    ):
        (settings.inbox / name).mkdir(parents=True)
        (settings.inbox / name / file).write_text(text)
        time.sleep(0.01)
    slow("reference_deprivation")
    own = settings.model_copy(update={"postcodes": postcodes})
    ingest(None, own, LogRecord(own, "ingest"))
    with reading(own) as connection:
        found = connection.execute(
            "select home_deprivation_decile, attempt from warehouse.landed.hr_workforce as h "
            "join warehouse.ledger.returns as r on r.return_id = h._return_id"
        ).fetchall()
    assert found == [(3, 1)]


def test_batches_stand_in_one_order_and_wait_for_what_they_must_find(
    tmp_path: Path, rules: Rules
) -> None:
    names = [
        *((CONTROLS, f"lcrca_2022-0{month}.csv") for month in (4, 5)),
        *(("hr_workforce", f"{sender}_2022-23-q1.csv") for sender in ("lcrca", "halton")),
        ("reference_deprivation", "lcrca_2021-22.csv"),
        ("reference_deprivation", "lcrca_2021-22_again.csv"),
    ]
    sent = []
    for number, (name, file) in enumerate(names):
        path = tmp_path / name / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(number))
        sent.append(Submission(path, name))
    queue = queue_of(sent, rules)
    wait_for_all = {one.after for one in queue if one.files[0].return_name == "hr_workforce"}
    assert [one.files[0].return_name for one in queue][:2] == ["reference_deprivation"] * 2
    assert (queue[0].after, queue[1].after) == ((), (0,))
    assert wait_for_all <= {(0, 1), (0, 1, 3)}
    assert all(number > max(one.after, default=-1) for number, one in enumerate(queue))
    assert sorted(str(f.path) for one in queue for f in one.files) == sorted(
        str(one.path) for one in sent
    )


def test_a_batch_that_fails_holds_nobody_up_but_what_must_find_it(
    settings: Settings, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The correction of a file that was not taken may not go in before it."""
    files = {
        PAYMENTS: ("lcrca_2022-04_corporate.csv", HEADER + "01/04/2022,Acme,10.00\n"),
        VENDORS: ("lcrca_2022-04.csv", "Supplier ID,Supplier name,Postcode\n7,Acme,L3 1BP\n"),
    }
    sent = []
    for name, (file, text) in files.items():
        for copy in ("", "-again"):
            path = settings.inbox / name / file.replace(".csv", f"{copy}.csv")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            sent.append(Submission(path, name))
    judge = intake.judge_files

    def full(opened: Sequence[Opened], batch: Batch) -> None:
        if batch.contract.return_name == PAYMENTS:
            raise OSError(28, "No space left on device")
        judge(opened, batch)

    monkeypatch.setattr(intake, "judge_files", full)
    with pytest.raises(OSError, match="No space left"):
        side_by_side(sent, rules, settings, LogRecord(settings, "ingest"))
    assert [subject for kind, subject in ledger(settings) if PAYMENTS in str(subject)] == []
    assert sorted(one.name for one in (settings.inbox / PAYMENTS).iterdir()) == sorted(
        one.path.name for one in sent if one.return_name == PAYMENTS
    )
    monkeypatch.setattr(intake, "judge_files", judge)
    left = [one for one in sent if one.path.exists()]
    done = side_by_side(left, rules, settings, LogRecord(settings, "ingest"))
    assert [one.outcome for one in done][:2] == ["loaded", "duplicate"]


def test_a_batch_that_has_failed_has_had_its_turn() -> None:
    turns = OwnTurns([(), (0,), ()])
    turns.end(0, is_well=False)
    turns.end(0, is_well=True)  # what was said first stands
    assert not turns.may_begin(1)
    turns.end(1, is_well=False)
    assert turns.may_begin(2)
    turns.wait_to_keep(2)
