"""Ingest: take in the files named, or all that lie in the inbox, side by side and in order."""

import time
from collections.abc import Callable, Sequence

from flows.common.settings import Settings
from flows.intake.across import judge_across
from flows.intake.claim import claimed, leave_inbox
from flows.intake.inbox import derived_again, in_inbox, sent_again, waiting
from flows.intake.lanes import Queued, queue_of
from flows.intake.rules import Rules, read_rules
from flows.intake.submission import Ingested, Submission
from flows.intake.take_in import take_in_together
from flows.intake.turns import OwnTurns, Turns
from flows.operations.record import Record, came_to, say_taken_in, show_came_in
from flows.warehouse.connection import WarehouseBusy
from flows.warehouse.home import make_folders, tidy
from flows.warehouse.store.chosen import store_of

PATIENCE = (5, 30)  # seconds before a batch is tried again while somebody holds the warehouse


def ingest(
    files: Sequence[Submission] | None, settings: Settings, record: Record
) -> list[Ingested]:
    """Take in `files`; without any, all that wait in the inbox, and rejected ones whose contract
    or suite has changed. Returns what became of each, in the order given.

    Where they change the reference data, what was derived from these is derived again.
    """
    tidy(settings)
    rules = read_rules(settings)
    still_waiting = 0
    if files is None:
        done = sweep(rules, settings, record)
        still_waiting = len(in_inbox(settings, rules))
    else:
        done = side_by_side(files, rules, settings, record)
    again = side_by_side(derived_again(settings, rules), rules, settings, record)
    if done or again:
        judge_across(rules, settings)
        show_came_in(record, [*done, *again], settings)
    record.call(came_to([*done, *again], still_waiting))
    return done


def sweep(rules: Rules, settings: Settings, record: Record) -> list[Ingested]:
    """Take in all that waits, while no other run does: two at once would each keep their own order
    of arrival, and so take a file in before one it corrects, or repeats, is there.
    """
    make_folders(settings)
    with store_of(settings).locked("inbox", what="the inbox"):
        files = [*waiting(settings, rules), *sent_again(settings, rules)]
        return side_by_side(files, rules, settings, record)


def side_by_side(
    submissions: Sequence[Submission], rules: Rules, settings: Settings, record: Record
) -> list[Ingested]:
    """Take the files in, some batches at once; what became of each that was there, in order."""
    queue = queue_of(submissions, rules)
    turns = OwnTurns([one.after for one in queue])
    given = [
        (one.label, (one, number, turns, rules, settings, record))
        for number, one in enumerate(queue)
    ]
    taken = record.side_by_side(
        take_in_turn, given, settings.side_by_side, lambda number: turns.end(number, False)
    )
    shown = record.progress("batches", taken, len(queue), "How far the files are.")
    done = {
        id(one): got
        for batch, answers in zip(queue, shown, strict=True)
        for one, got in zip(batch.files, answers, strict=True)
    }
    return [answer for one in submissions if (answer := done[id(one)]) is not None]


def take_in_turn(
    batch: Queued,
    number: int,
    turns: Turns,
    rules: Rules,
    settings: Settings,
    record: Record,
) -> list[Ingested | None]:
    """Take in a batch: judged when those are kept that it must find, kept when its turn has come.

    None of a file that is no longer there, or that has changed since it was seen.
    """
    if not turns.may_begin(number):
        return [None for _ in batch.files]

    def turn() -> None:
        turns.wait_to_keep(number)

    answers = _patiently(batch.files, rules, settings, turn)
    turns.end(number, is_well=True)
    for answer in answers:
        if answer is not None:
            say_taken_in(record, answer)
    return answers


def _patiently(
    batch: list[Submission], rules: Rules, settings: Settings, turn: Callable[[], None]
) -> list[Ingested | None]:
    """Take in a batch, and try again a while where the warehouse is busy."""
    for seconds in PATIENCE:
        try:
            return _take_in(batch, rules, settings, turn)
        except WarehouseBusy:
            time.sleep(seconds)
    return _take_in(batch, rules, settings, turn)


def _take_in(
    batch: list[Submission], rules: Rules, settings: Settings, turn: Callable[[], None]
) -> list[Ingested | None]:
    with claimed(batch, settings) as files:
        there = [one for one in files if one is not None]
        answers = iter(take_in_together(there, rules, settings, turn) if there else [])
        done = [None if one is None else next(answers) for one in files]
        for one, answer in zip(files, done, strict=True):
            if one is not None and answer is not None:
                leave_inbox(one, answer)
        return done
