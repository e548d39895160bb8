"""Chores: what runs by itself. The schedules are daily; a pure function says what is due today."""

from datetime import date
from pathlib import Path

from prefect import get_run_logger

from exports.release.publish import Release
from flows.common import clock
from flows.common.due_dates import due_and_not_done, is_working_day, read_delays, read_holidays
from flows.common.periods import Period
from flows.common.settings import Settings, settings_for
from flows.intake.submission import Ingested
from flows.operations.channels import NotTold
from flows.operations.notify import NO_CHANNEL, tell
from flows.operations.own_flow import own_flow
from flows.operations.prefect_flows import (
    build_models,
    ingest,
    publish_annual,
    publish_quarterly,
)
from flows.warehouse.slots import late_on, status


@own_flow("sweep the inbox")
def sweep(home: Path | None = None) -> list[Ingested]:
    """On a working day: take in what waits in the inbox, and build if anything came."""
    if not is_working_day(clock.now().date(), read_holidays(settings_for(home).seeds)):
        return []
    done = ingest(None, home)
    if any(one.outcome == "loaded" for one in done):
        build_models(home)
    return done


@own_flow("chase late returns")
def chase(home: Path | None = None) -> list[dict[str, object]]:
    """On a working day: list the returns that are owed, late and not there."""
    settings = settings_for(home)
    today = clock.now().date()
    if not is_working_day(today, read_holidays(settings.seeds)):
        return []
    late = late_on(today, status(settings))
    logger = get_run_logger()
    for row in late:
        about = {name: row[name] for name in ("return", "sender", "period", "outcome")}
        logger.warning(
            "%s of %s for %s was due on %s and is %s.",
            row["return"],
            row["sender"],
            f"{row['period']} {row['part']}".strip(),
            row["due"],
            row["outcome"],
            extra={"event": "late", **about},
        )
    return late


@own_flow("quarterly report")
def quarterly_report(home: Path | None = None, on: date | None = None) -> Release | None:
    """Publish the quarterly report that is due today, if one is and nobody has published it.

    A later revision is somebody's decision, so a run after an outage does no harm.
    """
    due = _due_and_not_out("quarterly", settings_for(home), on)
    return publish_quarterly(due.label, home) if due else None


@own_flow("annual review")
def annual_review(home: Path | None = None, on: date | None = None) -> Release | None:
    """Publish the Annual Review that is due today, if one is and nobody has published it."""
    due = _due_and_not_out("annual", settings_for(home), on)
    return publish_annual(due.label, home) if due else None


def _due_and_not_out(publication: str, settings: Settings, on: date | None) -> Period | None:
    """The period whose publication is due on the day, and of which nothing is out."""
    folder = settings.published / publication
    out = {path.name.replace("-Q", " Q") for path in folder.glob("*")}
    delays, holidays = read_delays(settings.seeds), read_holidays(settings.seeds)
    return due_and_not_done(publication, on or clock.now().date(), delays, holidays, out)


@own_flow("tell people")
def tell_people(home: Path | None = None) -> list[str]:
    """Tell by the channels in the settings what they were not told yet; returns what was told.

    Raises NotTold where a channel did not take its message: the next run tells it again.
    """
    done = tell(settings_for(home))
    if faults := [one.fault for one in done if one.fault]:
        raise NotTold(" ".join(faults))
    if any(one.channel == NO_CHANNEL and one.notices for one in done):
        get_run_logger().warning("There is news, and no channel is set to tell it by.")
    return [notice.text for one in done for notice in one.notices]
