"""Build: the models into the analysts' file, with what each of them came to on record."""

from datetime import datetime
from pathlib import Path

from flows.common.settings import Settings
from flows.modelling.build import Build, BuildFailed, build
from flows.operations.record import Record, show_build, show_nodes


def build_models(
    settings: Settings,
    record: Record,
    as_of: datetime | None = None,
    target: Path | None = None,
    with_dbt: bool = False,
) -> Build:
    """Build the models as of now, or as of a moment into `target`, apart from the analysts' file.

    `with_dbt`: by dbt itself, and not by the plan that it left.
    Raises BuildFailed, naming what failed.
    """
    try:
        built = record.step("build", build, settings, as_of, target, None, with_dbt)
    except BuildFailed as failed:
        show_nodes(record, failed.nodes, "A build that failed: what failed, then the slowest.")
        raise
    show_build(record, built)
    return built
