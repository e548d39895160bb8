"""Ingest: take in the files named, or all that lie in the inbox, side by side.

What senders call their files, and whom the names speak of, is kept from Prefect: it is given names
of returns, and numbers.
"""

from pathlib import Path
from typing import TypeVar

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows.common.settings import Settings, settings_for
from flows.intake.across import judge_across
from flows.intake.claim import claimed, leave_inbox
from flows.intake.inbox import derived_again, sent_again, waiting
from flows.intake.lanes import lanes_of
from flows.intake.rules import Rules, read_rules
from flows.intake.submission import Ingested, Submission
from flows.intake.take_in import take_in_together
from flows.operations.artifacts import say_taken_in, show_came_in, with_progress
from flows.operations.private import Private
from flows.warehouse.connection import WarehouseBusy
from flows.warehouse.home import tidy

Given = TypeVar("Given")


@task(
    name="take in",
    task_run_name="take in {label}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=2,
    retry_delay_seconds=[5, 30],
    retry_condition_fn=lambda _task, _run, state: isinstance(
        state.result(raise_on_failure=False), WarehouseBusy
    ),
)
def take_in_lane(
    label: str, batches: list[list[Submission]], rules: Rules, settings: Settings
) -> list[Ingested | None]:
    """Take in, in order of arrival, files that may be for the same slot; a batch together.

    None of a file that is no longer there, or that has changed since it was seen.
    """
    done: list[Ingested | None] = []
    for batch in batches:
        with claimed(batch, settings) as files:
            there = [one for one in files if one is not None]
            answers = iter(take_in_together(there, rules, settings) if there else [])
            for one in files:
                answer = None if one is None else next(answers)
                if one is not None and answer is not None:
                    leave_inbox(one, answer)
                    say_taken_in(answer)
                done.append(answer)
    return done


def ingest(files: list[Submission] | None = None, home: Path | None = None) -> list[Ingested]:
    """Take in `files`; without any, all that wait in the inbox, and rejected ones whose contract
    or suite has changed. Returns what became of each, in the order given.

    Where they change the reference data, what was derived from these is derived again.
    """
    return take_in(Private(files), home)


@flow(name="ingest", validate_parameters=False)
def take_in(files: Private[list[Submission] | None], home: Path | None = None) -> list[Ingested]:
    """The flow behind `ingest`."""
    settings = settings_for(home)
    tidy(settings)
    rules = read_rules(settings)
    submissions = files.content
    if submissions is None:
        submissions = [*waiting(settings, rules), *sent_again(settings, rules)]
    done = side_by_side(submissions, rules, settings)
    again = side_by_side(derived_again(settings, rules), rules, settings)
    if done or again:
        judge_across(rules, settings)
        show_came_in([*done, *again], settings)
    return done


def side_by_side(submissions: list[Submission], rules: Rules, settings: Settings) -> list[Ingested]:
    """Take the files in, lane by lane; what became of each that was there, in order."""
    lanes = lanes_of(submissions, rules)
    with ThreadPoolTaskRunner[list[Ingested | None]](max_workers=settings.side_by_side) as runner:
        futures = [
            runner.submit(
                take_in_lane,
                {
                    "label": f"{lane.files[0].return_name}, lane {number} of {len(lanes)}",
                    "batches": _unsearched(lane.batches),
                    "rules": _unsearched(rules),
                    "settings": settings,
                },
            )
            for number, lane in enumerate(lanes, start=1)
        ]
        taken = zip(futures, lanes, strict=True)
        done = {
            id(one): got
            for future, lane in with_progress("lanes", taken, len(lanes), "How far the files are.")
            for one, got in zip(lane.files, future.result(), strict=True)
        }
    return [answer for one in submissions if (answer := done[id(one)]) is not None]


def _unsearched(given: Given) -> Given:
    """What a task is given, as Prefect hands it on without looking into it for futures."""
    return quote(given)  # type: ignore[return-value]  # it takes the quotes off again
