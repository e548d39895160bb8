"""The flows of every day: what ingest, build and publish do, with the run on record in Prefect.

What senders call their files, and whom the names speak of, is kept from Prefect: it is given names
of returns, and numbers.
"""

from datetime import datetime
from pathlib import Path

from prefect import Flow, flow

from exports.release.publish import Override, Release
from flows.common.periods import read_quarter
from flows.common.settings import settings_for
from flows.intake.submission import Ingested, Submission
from flows.modelling.build import Build
from flows.operations import build, publish
from flows.operations import ingest as intake
from flows.operations.artifacts import RunRecord
from flows.operations.own_flow import own_flow
from flows.operations.private import Private


def ingest(files: list[Submission] | None = None, home: Path | None = None) -> list[Ingested]:
    """Take in `files`; without any, all that wait in the inbox."""
    return take_in(Private(files), home)


@flow(name="ingest", validate_parameters=False)
def take_in(files: Private[list[Submission] | None], home: Path | None = None) -> list[Ingested]:
    """The flow behind `ingest`."""
    return intake.ingest(files.content, settings_for(home), RunRecord())


@own_flow("build")
def build_models(
    home: Path | None = None,
    as_of: datetime | None = None,
    target: Path | None = None,
    with_dbt: bool = False,
) -> Build:
    """Build the models as of now, or as of a moment into `target`, apart from the analysts' file.

    `with_dbt`: by dbt itself, and not by the plan that it left.

    Raises BuildFailed, naming what failed.
    """
    return build.build_models(settings_for(home), RunRecord(), as_of, target, with_dbt)


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
    settings = settings_for(home)
    return publish.publish("quarterly", period, settings, RunRecord(), overrides or [], as_of)


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
    return publish.publish("annual", year, settings_for(home), RunRecord(), overrides or [], as_of)


PUBLICATIONS: dict[str, Flow[..., Release]] = {
    "quarterly": publish_quarterly,
    "annual": publish_annual,
}


@flow(name="run", validate_parameters=False)
def run_period(period: str, home: Path | None = None) -> tuple[list[Ingested], Release]:
    """The whole road for a quarter: take in what waits in the inbox, build, publish."""
    read_quarter(period)
    return ingest(None, home), publish_quarterly(period, home)
