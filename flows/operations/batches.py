"""A batch of a sweep is taken in: claimed, judged, and kept when its turn has come."""

import time
from collections.abc import Callable

from flows.common.settings import Settings
from flows.intake.claim import claimed, leave_inbox
from flows.intake.lanes import Queued
from flows.intake.rules import Rules
from flows.intake.submission import Ingested, Submission
from flows.intake.take_in import take_in_together
from flows.intake.turns import Turns
from flows.operations.record import Record, say_taken_in
from flows.warehouse.connection import WarehouseBusy

PATIENCE = (5, 30)  # seconds before a batch is tried again while somebody holds the warehouse


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
