"""Files of many senders, or of one sender's history, in one batch fare as each would alone."""

from pathlib import Path

import pytest

from flows.common.settings import Settings, settings_for
from flows.intake import lanes
from flows.intake.lanes import lanes_of
from flows.intake.rules import Rules
from flows.intake.submission import Submission
from flows.intake.take_in import take_in, take_in_together
from flows.returns.identity import Hints
from flows.warehouse.connection import reading

RETURN = "supplier_returns"
HEAD = "Contract reference,Measure code,Quantity,Unit,This contract only,A contracted commitment\n"
GOOD = "CT1,M08,12,hours,Yes,Yes\n"
FILES = {
    "s1_2022-23-q1.csv": HEAD + GOOD,
    "s2_2022-23-q1.csv": HEAD + GOOD + GOOD,  # the same row twice in one file
    "s3_2022-23-q1.csv": HEAD + "CT1,M99,1,hours,Yes,Yes\nCT1,M08,2,hours,Yes,Yes\n",
    "s4_2022-23-q1.csv": HEAD + "CT1,M08,many,hours,Yes,Yes\n",
    "s5_2022-23-q1.csv": "Nothing,of,this\n1,2,3\n",
    "s6_2022-23-q1.csv": HEAD + "CT1,M08,-4,hours,No,\n" + GOOD,
}
KEPT = {
    "returns": "return_id, outcome, reason, rows_read, rows_loaded, rows_quarantined, rows_dropped",
    "findings": 'finding_id, return_id, sheet, "row", "column", "value", rule, severity, message',
    "checks": "return_id, rule, outcome, applied_to, failed_rows",
    "quarantined": 'return_id, sheet, "row", rules',
    "standing": "seq, return_id, in_force",
}


@pytest.fixture
def sent(tmp_path: Path) -> list[Submission]:
    """The files on a desk."""
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    return [Submission(tmp_path / name, RETURN) for name in FILES]


def kept(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    with reading(settings) as connection:
        return {
            table: connection.execute(
                f"select {columns} from warehouse.ledger.{table} order by all"
            ).fetchall()
            for table, columns in KEPT.items()
        }


def test_each_has_the_outcome_findings_and_checks_it_would_have_alone(
    sent: list[Submission], rules: Rules, settings: Settings, tmp_path: Path
) -> None:
    alone = settings_for(tmp_path / "alone")
    one_by_one = [take_in(one, rules, alone) for one in sent]
    together = take_in_together(sent, rules, settings)
    assert [one.outcome for one in together] == [one.outcome for one in one_by_one]
    assert [one.counts for one in together] == [one.counts for one in one_by_one]
    assert {one.outcome for one in together} == {"loaded", "rejected"}
    assert kept(settings) == kept(alone)


def test_a_row_that_stands_in_two_files_is_no_duplicate(
    sent: list[Submission], rules: Rules, settings: Settings
) -> None:
    first, second, *_ = take_in_together(sent, rules, settings)
    assert (first.counts.loaded, first.counts.quarantined) == (1, 0)
    assert (second.counts.loaded, second.counts.quarantined) == (1, 1)


def test_many_senders_share_a_lane_and_one_sender_keeps_its_order(
    sent: list[Submission], rules: Rules
) -> None:
    again = Submission(sent[0].path, RETURN)
    (lane,) = lanes_of([*sent, again], rules)
    assert [len(one) for one in lane.batches] == [len(sent), 1]
    assert lane.batches[1] == [again]
    alone = lanes_of(sent[:1] * 3, rules)
    assert [len(one.batches) for one in alone] == [3]


def test_a_history_of_one_sender_goes_in_together_and_each_file_in_its_turn(
    rules: Rules, settings: Settings, tmp_path: Path
) -> None:
    """The second corrects the first; the third, a copy of it, may not stand beside it."""
    contents = {
        "s1_2022-23-q1.csv": HEAD + GOOD,
        "s1_2022-23-q1-corrected.csv": HEAD + GOOD.replace("12", "1200"),
        "s1_2022-23-q1-copy.csv": HEAD + GOOD,
        "s1_2022-23-q2.csv": HEAD + GOOD.replace("12", "3"),
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    sent = [Submission(tmp_path / name, RETURN, Hints("s1", part="")) for name in contents]
    (lane,) = lanes_of(sent, rules)
    assert [len(batch) for batch in lane.batches] == [2, 2]
    alone = settings_for(tmp_path / "alone")
    one_by_one = [take_in(one, rules, alone) for one in sent]
    together = [one for batch in lane.batches for one in take_in_together(batch, rules, settings)]
    assert together == one_by_one
    assert kept(settings) == kept(alone)


def test_a_batch_holds_no_more_text_than_stands_in_memory(
    tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "ROUND", 100)
    sizes = {"s1_2022-23-q1.csv": 60, "s1_2022-23-q2.csv": 40, "s1_2022-23-q3.csv": 1}
    sizes |= {"s1_2022-23-q4.xlsx": 9, "s2_2022-23-q4.csv": 20}
    for name, size in sizes.items():
        (tmp_path / name).write_text("x" * size)
    (lane,) = lanes_of([Submission(tmp_path / name, RETURN) for name in sizes], rules)
    assert [[one.size for one in batch] for batch in lane.batches] == [[60, 40], [1, 9], [20]]


def test_a_return_whose_rules_compare_rows_is_judged_file_by_file(rules: Rules) -> None:
    assert rules.suites["supplier_returns"].can_judge_together
    assert not rules.suites["finance_vendors"].can_judge_together


def test_a_copy_under_another_name_waits_for_what_it_may_be_a_copy_of(
    tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {
        "lcrca_2022-04.csv": "the same bytes",
        "lcrca_2022-04_transport.csv": "others",
        "lcrca_2022-04_corporate-copy.csv": "the same bytes",
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    sent = [Submission(tmp_path / name, "finance_payments") for name in contents]
    (lane,) = lanes_of(sent, rules)
    assert lane.batches == [sent[:2], sent[2:]]
    monkeypatch.setattr(lanes, "LARGE", 1)
    side_by_side = [lane.batches for lane in lanes_of(sent, rules)]
    assert side_by_side == [[[sent[0]], [sent[2]]], [[sent[1]]]]
