"""What verbs run: as flows of Prefect's where a server runs or is wanted, else by plain calls."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import with_prefect
from flows.common.settings import Settings

if TYPE_CHECKING:
    from exports.release.publish import Override, Release
    from flows.intake.submission import Ingested, Submission
    from flows.modelling.build import Build

OnRecord = Annotated[
    bool,
    typer.Option(
        "--with-prefect",
        help="Put the run on record in Prefect, by a server of its own if need be.",
    ),
]


def ingested(
    settings: Settings, files: "list[Submission] | None", on_record: bool
) -> "list[Ingested]":
    """What becomes of the files, or of all that waits in the inbox."""
    if _by_prefect(settings, on_record):
        with with_prefect(settings.home):
            from flows.operations.prefect_flows import ingest as flow

            return flow(files, settings.home)
    from flows.operations.ingest import ingest
    from flows.operations.record import LogRecord

    return ingest(files, settings, LogRecord(settings, "ingest"))


def built(
    settings: Settings,
    as_of: datetime | None,
    target: Path | None,
    with_dbt: bool,
    on_record: bool,
) -> "Build":
    """What a build comes to. Raises BuildFailed."""
    if _by_prefect(settings, on_record):
        with with_prefect(settings.home):
            from flows.operations.prefect_flows import build_models as flow

            return flow(settings.home, as_of, target, with_dbt)
    from flows.operations.build import build_models
    from flows.operations.record import LogRecord

    return build_models(settings, LogRecord(settings, "build"), as_of, target, with_dbt)


def published(
    settings: Settings,
    publication: str,
    label: str,
    overrides: "list[Override]",
    as_of: datetime | None,
    on_record: bool,
) -> "Release":
    """The release. Raises ReleaseBlocked, NothingToPublish, BuildFailed."""
    if _by_prefect(settings, on_record):
        with with_prefect(settings.home):
            from flows.operations.prefect_flows import PUBLICATIONS

            return PUBLICATIONS[publication](label, settings.home, overrides, as_of)
    from flows.operations.publish import publish
    from flows.operations.record import LogRecord

    record = LogRecord(settings, f"publish {publication}")
    return publish(publication, label, settings, record, overrides, as_of)


def whole_road(settings: Settings, label: str, on_record: bool) -> "tuple[list[Ingested], Release]":
    """What waits is taken in, and the quarter published."""
    if _by_prefect(settings, on_record):
        with with_prefect(settings.home):
            from flows.operations.prefect_flows import run_period

            return run_period(label, settings.home)
    from flows.operations.ingest import ingest
    from flows.operations.publish import publish
    from flows.operations.record import LogRecord

    came = ingest(None, settings, LogRecord(settings, "ingest"))
    return came, publish("quarterly", label, settings, LogRecord(settings, "publish quarterly"))


def _by_prefect(settings: Settings, on_record: bool) -> bool:
    from flows.operations.server.own_server import server_of

    return on_record or server_of(settings) is not None
