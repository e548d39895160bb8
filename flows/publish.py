"""Publish: build what is in force now, and put the release out if nothing blocks it."""

from datetime import datetime
from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from exports.release import Override, Release
from flows.ingest import ingest
from flows.intake_result import Ingested
from flows.model import build_models
from flows.periods import Period, read_quarter
from flows.releasing import release
from flows.settings import settings_for


@task(name="release", cache_policy=NO_CACHE, persist_result=False)
def make_release(
    publication: str,
    period: Period,
    as_of: datetime,
    home: Path | None,
    overrides: list[Override],
    run_id: str,
) -> Release:
    """Write the tables of a publication beside the earlier ones, whole."""
    return release(settings_for(home), publication, period, as_of, overrides, run_id)


@flow(name="publish quarterly", validate_parameters=False)
def publish_quarterly(
    period: str, home: Path | None = None, overrides: list[Override] | None = None
) -> Release:
    """Build, then publish the quarterly report of `period` (for example `2022-23 Q1`).

    Raises ReleaseBlocked with the reasons, NothingToPublish, BuildFailed, PeriodError.
    """
    quarter = read_quarter(period)
    built = build_models(home)
    done = make_release(
        "quarterly", quarter, built.as_of, home, overrides or [], str(flow_run.get_id() or "")
    )
    listed = "\n".join(f"- `{name}`" for name in sorted(done.files))
    state = "published" if done.changed else "unchanged since it was published"
    create_markdown_artifact(
        key="release",
        markdown=f"**{done.name}** {state}: `{done.path}`\n\n{listed}\n",
        description=f"The quarterly report of {quarter.label}.",
    )
    return done


@flow(name="run", validate_parameters=False)
def run_period(period: str, home: Path | None = None) -> tuple[list[Ingested], Release]:
    """The whole road for a quarter: take in what waits in the inbox, build, publish."""
    read_quarter(period)
    return ingest(None, home), publish_quarterly(period, home)
