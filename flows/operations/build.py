"""Build: the models into the analysts' file, with an artifact for what each came to."""

from datetime import datetime
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.common.settings import settings_for
from flows.modelling.build import Build, BuildFailed, build
from flows.operations.artifacts import show_build, show_nodes
from flows.operations.own_flow import own_flow


@task(name="build", cache_policy=NO_CACHE, persist_result=False, timeout_seconds=3600)
def make_build(
    home: Path | None, as_of: datetime | None, target: Path | None, with_dbt: bool
) -> Build:
    """Build every model, run every test, and swap the analysts' file in."""
    return build(settings_for(home), as_of, target, with_dbt=with_dbt)


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
    try:
        built = make_build(home, as_of, target, with_dbt)
    except BuildFailed as failed:
        show_nodes(failed.nodes, "Each model and test of a build that failed.")
        raise
    show_build(built)
    return built
