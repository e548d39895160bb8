"""A sweep whose batches are taken in by workers of a work pool, each as a run of its own.

They are begun in the sweep's order, as many at once as the settings say. The sweep itself takes in
what no worker does: a batch whose run has crashed, or that nobody began. So the first that has not
ended is always under way, however many workers there are.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.suite import digest_of
from flows.common import clock
from flows.common.errors import SocialValueError
from flows.common.settings import Settings
from flows.intake.claim import left_over
from flows.intake.lanes import Queued
from flows.intake.rules import Rules
from flows.intake.submission import Ingested, Submission, look_at
from flows.operations.batches import take_in_turn
from flows.operations.record import Pool, Record
from flows.operations.sweep_folder import (
    Ended,
    FolderTurns,
    Handed,
    SweepFolder,
    folder_of,
    new_folder,
)

DEPLOYMENT = "take in a batch/batch"
PATIENCE = 60.0  # seconds that a batch may wait for a worker while it holds up others
LOOKS = 1.0  # seconds between two looks at how far a batch is
Answers = list[Ingested | None]


class BatchFailed(SocialValueError):
    """A worker could not take a batch in; its files wait for the next sweep."""


class OtherRules(SocialValueError):
    """A worker has other contracts or suites than the sweep that it works for."""


def by_workers(
    queue: Sequence[Queued], rules: Rules, settings: Settings, record: Record, pool: Pool
) -> Iterator[Answers]:
    """Hand the batches of a sweep out; the answers to each, in order. Raises BatchFailed."""
    with new_folder(settings) as folder:
        for number, batch in enumerate(queue):
            folder.put(number, batch, digest_of_rules(batch, rules))
        runs: list[tuple[str, float]] = []
        for number, batch in enumerate(queue):
            while (ended := folder.ended(number)) is None:
                for ahead in range(len(runs), min(number + settings.side_by_side, len(queue))):
                    given: dict[str, object] = {"sweep": folder.path.name, "number": ahead}
                    run = pool.begin(DEPLOYMENT, queue[ahead].label, given)
                    runs.append((run, time.monotonic()))
                run, begun = runs[number]
                time.sleep(LOOKS)
                if _is_nobodys(number, folder, pool.has_ended(run), begun):
                    _take_over(number, batch, folder, rules, settings, record)
            if ended.fault:
                raise BatchFailed(f"A worker failed to {batch.label}: {ended.fault}")
            yield ended.answers


def _is_nobodys(number: int, folder: SweepFolder, has_ended: bool, begun: float) -> bool:
    """Whether nobody takes the batch in: who took it is dead, or nobody has begun it.

    That its taker is dead is seen by the lock that it held, at once, and not only by Prefect.
    """
    if folder.ended(number) is not None:
        return False
    if folder.is_left(number):
        time.sleep(LOOKS)  # between the file and its lock lies a moment
        return folder.is_left(number)
    if has_ended or time.monotonic() - begun > PATIENCE:
        with folder.take(number) as is_own:  # whoever begins now finds it taken
            return is_own
    return False


def _take_over(
    number: int,
    batch: Queued,
    folder: SweepFolder,
    rules: Rules,
    settings: Settings,
    record: Record,
) -> None:
    """Take a batch in here: its worker is no more, or never was."""
    record.say("taken over", f"No worker is there to {batch.label}: the sweep does it itself.")
    there = replace(batch, files=[_where_it_lies(one) for one in batch.files])
    answers = take_in_turn(there, number, FolderTurns(folder, ()), rules, settings, record)
    folder.end(number, Ended(answers))


def _where_it_lies(one: Submission) -> Submission:
    """The file where a worker that is no more has put it, if it is no longer where it was."""
    if one.archived is not None or one.path.exists():
        return one
    alike = (path for path in left_over(one.path.parent) if path.name == one.path.name)
    return next((replace(one, path=p) for p in alike if look_at(p) == one.look), one)


def take_in_handed(
    sweep: str, number: int, rules: Rules, settings: Settings, record: Record
) -> Answers | None:
    """Take in a batch that a sweep has handed out; None where another has taken it.

    Raises what it failed by, which the sweep is told. Raises SweepOver where the sweep is.
    """
    folder = folder_of(settings, sweep)
    handed = folder.batch(number)
    with folder.take(number) as is_own, clock.set_as(handed.clock):
        return _taken_in(number, folder, handed, rules, settings, record) if is_own else None


def _taken_in(
    number: int,
    folder: SweepFolder,
    handed: Handed,
    rules: Rules,
    settings: Settings,
    record: Record,
) -> Answers:
    batch = handed.batch
    try:
        if digest_of_rules(batch, rules) != handed.rules:
            raise OtherRules(
                "This worker has other contracts or suites than the sweep: give all machines the "
                "same version of the software and the same definitions."
            )
        turns = FolderTurns(folder, batch.after)
        answers = take_in_turn(batch, number, turns, rules, settings, record)
    except BaseException as error:
        fault = str(error) if isinstance(error, SocialValueError) else type(error).__name__
        folder.end(number, Ended([None for _ in batch.files], fault))
        raise
    folder.end(number, Ended(answers))
    return answers


def digest_of_rules(batch: Queued, rules: Rules) -> str:
    """What the files of a batch are judged by."""
    name = batch.files[0].return_name
    return f"{rules.contracts[name].digest} {digest_of(list(rules.of(name).values()))}"
