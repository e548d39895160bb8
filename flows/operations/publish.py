"""Publish: build what is in force now, and put the release out if nothing blocks it."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from prefect import Flow, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from exports.release.publish import Override, Release, ReleaseBlocked
from flows.common.periods import Period, read_quarter, read_year
from flows.common.settings import settings_for
from flows.intake.submission import Ingested
from flows.modelling.as_of import scratch_models
from flows.modelling.build import standing_build
from flows.operations.artifacts import show_blocked, show_release
from flows.operations.build import build_models
from flows.operations.ingest import ingest
from flows.publishing.release import release
from flows.warehouse.in_force import Inputs

TITLES = {"quarterly": "The quarterly report", "annual": "The Annual Review"}


@task(name="release", cache_policy=NO_CACHE, persist_result=False)
def make_release(
    publication: str,
    period: Period,
    as_of: datetime,
    home: Path | None,
    overrides: list[Override],
    run_id: str,
    models: Path | None = None,
    known: Inputs | None = None,
) -> Release:
    """Write the tables of a publication beside the earlier ones, whole.

    `models`: the folder of the modelled tables, where they are not the analysts' own; `known`: what
    the warehouse knew when they were built (default: what it knows now).
    """
    return release(settings_for(home), publication, period, as_of, overrides, run_id, known, models)


def build_and_release(
    publication: str,
    period: Period,
    home: Path | None,
    overrides: list[Override],
    as_of: datetime | None,
) -> Release:
    """Publish what a build comes to; as of a past moment in a scratch database of its own.

    Where a build would come to what stands already, that is published: it is made no second time.
    """
    run_id = str(flow_run.get_id() or "")
    standing = standing_build(settings_for(home)) if as_of is None else None
    if standing is not None:
        return make_release(publication, period, standing, home, overrides, run_id)
    with ExitStack() as scratch:
        models, target = None, None
        if as_of is not None:
            models = scratch.enter_context(scratch_models(settings_for(home)))
            target = models / "analysts.duckdb"
        built = build_models(home, as_of, target)
        return make_release(
            publication, period, built.as_of, home, overrides, run_id, models, built.known
        )


def _publish(
    publication: str,
    period: Period,
    home: Path | None,
    overrides: list[Override],
    as_of: datetime | None,
) -> Release:
    """Build and release, and show on the run's page what came of it."""
    described = f"{TITLES[publication]} of {period.label}."
    try:
        done = build_and_release(publication, period, home, overrides, as_of)
    except ReleaseBlocked as blocked:
        show_blocked(blocked, described)
        raise
    show_release(done, described)
    return done


@flow(name="publish quarterly", validate_parameters=False)
def publish_quarterly(
    period: str,
    home: Path | None = None,
    overrides: list[Override] | None = None,
    as_of: datetime | None = None,
) -> Release:
    """Build what is new, then publish the quarterly report of `period` (for example `2022-23 Q1`).

    With `as_of` it holds what was known at that moment. Raises ReleaseBlocked with the reasons,
    NothingToPublish, BuildFailed, PeriodError.
    """
    quarter = read_quarter(period)
    return _publish("quarterly", quarter, home, overrides or [], as_of)


@flow(name="publish annual", validate_parameters=False)
def publish_annual(
    year: str,
    home: Path | None = None,
    overrides: list[Override] | None = None,
    as_of: datetime | None = None,
) -> Release:
    """Build what is new, then publish the Annual Review of a financial `year` (`2022-23`).

    With `as_of` it holds what was known at that moment. Raises ReleaseBlocked with the reasons,
    NothingToPublish, BuildFailed, PeriodError.
    """
    period = read_year(year)
    return _publish("annual", period, home, overrides or [], as_of)


PUBLICATIONS: dict[str, Flow[..., Release]] = {
    "quarterly": publish_quarterly,
    "annual": publish_annual,
}


@flow(name="run", validate_parameters=False)
def run_period(period: str, home: Path | None = None) -> tuple[list[Ingested], Release]:
    """The whole road for a quarter: take in what waits in the inbox, build, publish."""
    read_quarter(period)
    return ingest(None, home), publish_quarterly(period, home)
