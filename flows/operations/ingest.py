"""Ingest: take in the files named, or all that lie in the inbox, side by side and in order."""

from collections.abc import Iterator, Sequence

from flows.common.settings import Settings
from flows.intake.across import judge_across
from flows.intake.inbox import derived_again, in_inbox, sent_again, waiting
from flows.intake.lanes import Queued, queue_of
from flows.intake.rules import Rules, read_rules
from flows.intake.submission import Ingested, Submission
from flows.intake.turns import OwnTurns
from flows.operations.batches import take_in_turn
from flows.operations.record import Record, came_to, show_came_in
from flows.operations.workers import by_workers
from flows.warehouse.home import make_folders, tidy
from flows.warehouse.store.chosen import store_of


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
    if settings.sweep_by == "workers" and record.pool is not None and len(queue) > 1:
        taken = by_workers(queue, rules, settings, record, record.pool)
    else:
        taken = _by_threads(queue, rules, settings, record)
    shown = record.progress("batches", taken, len(queue), "How far the files are.")
    done = {
        id(one): got
        for batch, answers in zip(queue, shown, strict=True)
        for one, got in zip(batch.files, answers, strict=True)
    }
    return [answer for one in submissions if (answer := done[id(one)]) is not None]


def _by_threads(
    queue: Sequence[Queued], rules: Rules, settings: Settings, record: Record
) -> Iterator[list[Ingested | None]]:
    turns = OwnTurns([one.after for one in queue])
    given = [
        (one.label, (one, number, turns, rules, settings, record))
        for number, one in enumerate(queue)
    ]
    return record.side_by_side(
        take_in_turn, given, settings.side_by_side, lambda number: turns.end(number, False)
    )
