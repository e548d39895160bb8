"""Upkeep: the monthly finance close, the backfill of past quarters, and house-keeping."""

import shutil
from datetime import timedelta
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact

from exports.clearance import ReleaseBlocked
from exports.reading import NothingToPublish
from flows import clock
from flows.closing import close, closes_on
from flows.ingest import ingest
from flows.listings import Row
from flows.noting import put_on_record
from flows.periods import Period, period_of, read_quarter
from flows.publish import publish_quarterly
from flows.settings import Settings, settings_for
from flows.warehouse.audit import check
from flows.warehouse.tidy import tidy

SNAPSHOTS_KEPT = timedelta(days=30)


class NotAsRecorded(RuntimeError):
    """The ledger, the archive or a release is not as it was recorded."""


@flow(
    name="finance close",
    validate_parameters=False,
    on_failure=[put_on_record],
    on_crashed=[put_on_record],
)
def finance_close(home: Path | None = None) -> list[Row]:
    """On the day the calendar says: take in what waits, and look over the month's finance returns.

    A month is closed once; a run after an outage closes it late.
    """
    settings = settings_for(home)
    month = closes_on(settings, clock.now().date())
    if month is None:
        return []
    ingest(None, home)
    rows = close(settings, month)
    create_table_artifact(
        key="finance-close",
        table=rows,
        description=f"The finance returns of {month.label}, and the findings open about them.",
    )
    return rows


@flow(
    name="backfill",
    validate_parameters=False,
    on_failure=[put_on_record],
    on_crashed=[put_on_record],
)
def backfill(
    first: str | None = None, last: str | None = None, home: Path | None = None
) -> list[Row]:
    """Publish each quarter from `first` to `last` that has no release yet, oldest first.

    Without `last` up to the newest that is over; without `first` that one alone. A quarter that is
    blocked, or has nothing to publish, keeps no other back; its row says why.
    """
    settings = settings_for(home)
    rows = [_filled(settings, quarter, home) for quarter in quarters(first, last)]
    create_table_artifact(
        key="backfill", table=rows, description="Each quarter, and what became of its report."
    )
    return rows


def quarters(first: str | None, last: str | None) -> list[Period]:
    """The quarters from `first` to `last` that are over. Raises PeriodError."""
    today = clock.now().date()
    newest = period_of(period_of(today, "quarter").first_day - timedelta(days=1), "quarter")
    end = min(read_quarter(last), newest) if last else newest
    period = read_quarter(first) if first else end
    found = []
    while period <= end:
        found.append(period)
        period = period_of(period.end, "quarter")
    return found


def _filled(settings: Settings, quarter: Period, home: Path | None) -> Row:
    if (settings.published / "quarterly" / quarter.slug).exists():
        return {"quarter": quarter.label, "outcome": "there already", "why": ""}
    try:
        done = publish_quarterly(quarter.label, home)
    except (ReleaseBlocked, NothingToPublish) as error:
        return {"quarter": quarter.label, "outcome": "not published", "why": str(error)}
    return {"quarter": quarter.label, "outcome": "published", "why": done.name}


@flow(
    name="house-keeping",
    validate_parameters=False,
    on_failure=[put_on_record],
    on_crashed=[put_on_record],
)
def house_keeping(home: Path | None = None) -> list[str]:
    """Remove what killed runs left and old snapshots; prove ledger, archive and every release.

    Returns what was removed. Raises NotAsRecorded where something was touched.
    """
    settings = settings_for(home)
    removed = [str(path.relative_to(settings.home)) for path in keep_house(settings)]
    if faults := check(settings):
        listed = "; ".join(f"{one.what}: {one.where}" for one in faults[:5])
        raise NotAsRecorded(f"{len(faults)} things are not as recorded: {listed}.")
    return removed


def keep_house(settings: Settings) -> list[Path]:
    """Remove left-overs, and snapshots as of past moments that nobody made lately; what went."""
    removed = tidy(settings)
    oldest = clock.now() - SNAPSHOTS_KEPT
    for folder in sorted((settings.warehouse.parent / "as-of").glob("*")):
        if folder.stat().st_mtime < oldest.timestamp():
            shutil.rmtree(folder)
            removed.append(folder)
    return removed
