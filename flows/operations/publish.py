"""Publish: build what is in force now, and put the release out if nothing blocks it."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime

from exports.release.publish import Override, Release, ReleaseBlocked
from flows.authority.places import with_definitions_of_now
from flows.common.periods import Period, read_quarter, read_year
from flows.common.settings import Settings
from flows.modelling.as_of import scratch_models
from flows.modelling.build import standing_build
from flows.operations.build import build_models
from flows.operations.record import Record, show_blocked, show_release
from flows.publishing.release import release
from flows.warehouse.home import make_folders

TITLES = {"quarterly": "The quarterly report", "annual": "The Annual Review"}
READ = {"quarterly": read_quarter, "annual": read_year}


def publish(
    publication: str,
    label: str,
    settings: Settings,
    record: Record,
    overrides: Sequence[Override] = (),
    as_of: datetime | None = None,
) -> Release:
    """Build what is new, then publish the `quarterly` report of a quarter (`2022-23 Q1`), or the
    `annual` review of a financial year (`2022-23`).

    With `as_of` it holds what was known at that moment. Raises ReleaseBlocked with the reasons,
    NothingToPublish, BuildFailed, PeriodError.
    """
    period = READ[publication](label)
    described = f"{TITLES[publication]} of {period.label}."
    try:
        done = _build_and_release(publication, period, settings, record, list(overrides), as_of)
    except ReleaseBlocked as blocked:
        show_blocked(record, blocked, described)
        raise
    show_release(record, done, described)
    return done


def _build_and_release(
    publication: str,
    period: Period,
    settings: Settings,
    record: Record,
    overrides: list[Override],
    as_of: datetime | None,
) -> Release:
    """Publish what a build comes to; as of a past moment in a scratch database of its own.

    Where a build would come to what stands already, that is published: it is made no second time.
    Build and release read the same definitions, whatever is edited meanwhile.
    """
    make_folders(settings)
    settings = with_definitions_of_now(settings)
    known, models, target = None, None, None
    moment = standing_build(settings) if as_of is None else None
    with ExitStack() as scratch:
        if moment is None:
            if as_of is not None:
                models = scratch.enter_context(scratch_models(settings))
                target = models / "analysts.duckdb"
            built = build_models(settings, record, as_of, target)
            moment, known = built.as_of, built.known
        return record.step(
            "release",
            release,
            *(settings, publication, period, moment, overrides, record.run_id, known, models),
        )
