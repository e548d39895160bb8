"""Let files arrive on a clock that is set."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from prefect import flow

from flows.common import clock
from flows.common.settings import settings_for
from flows.demo.made.authority.delivery import Delivery
from flows.intake.across import judge_across
from flows.intake.inbox import derived_again, waiting
from flows.intake.rules import read_rules
from flows.intake.submission import Ingested
from flows.operations.artifacts import RunRecord
from flows.operations.ingest import side_by_side
from flows.operations.private import Private


def receive(sweeps: Sequence[Sequence[Delivery]], home: Path | None = None) -> list[Ingested]:
    """Let the files of each sweep fall into the inbox and take them in, each as of when it came.

    Returns are judged beside each other once, when the last sweep is in.
    """
    return arrive(Private(sweeps), home)


@flow(name="arrivals", validate_parameters=False)
def arrive(
    sweeps: Private[Sequence[Sequence[Delivery]]], home: Path | None = None
) -> list[Ingested]:
    """The flow behind `receive`."""
    settings = settings_for(home)
    rules = read_rules(settings)
    record = RunRecord()
    done: list[Ingested] = []
    for arrivals in sweeps.content:
        came = {}
        for one in arrivals:
            path = settings.inbox / one.return_name / one.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.content)
            os.utime(path, (one.at.timestamp(), one.at.timestamp()))
            came[path] = one.at
        with clock.set_to(arrivals[-1].at):
            sent = [replace(s, came_at=came.get(s.path)) for s in waiting(settings, rules)]
            done += side_by_side(sent, rules, settings, record)
    if sweeps.content:
        with clock.set_to(sweeps.content[-1][-1].at):
            side_by_side(derived_again(settings, rules), rules, settings, record)
            judge_across(rules, settings)
        first, last = sweeps.content[0][0].at, sweeps.content[-1][-1].at
        loaded = sum(one.outcome == "loaded" for one in done)
        record.call(f"{len(done)} files from {first:%Y-%m-%d} to {last:%Y-%m-%d}: {loaded} loaded")
    return done
