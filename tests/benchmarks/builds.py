"""A build of a home, beside its SQL alone: what dbt sent for the plan, sent by hand.

Both in one process that has imported everything, after a build that leaves the plan; the best of
some rounds. By hand nothing is laid out, locked, looked at or handed over.
"""

import sys
import time
from pathlib import Path

from flows.common import clock
from flows.common.settings import Settings, settings_for
from flows.modelling.build import build, workplace
from flows.modelling.by_plan import ROW_GROUP, opened
from flows.modelling.dbt_runner import at_work
from flows.modelling.plan import columns_read, digest_of_sources, read_plan
from tests.benchmarks.measured import Stages


def by_hand(settings: Settings) -> float:
    """How long the statements of the plan take in a new file, with its last checkpoint."""
    work = workplace(settings)
    with at_work(work), opened(work, settings, clock.now()) as connection:
        plan = read_plan(work, digest_of_sources(work, columns_read(connection)))
        if plan is None:
            raise RuntimeError(f"{settings.home}: a build has left no plan")
        largest = connection.execute(
            "select max(estimated_size) from duckdb_tables() where database_name = 'kept'"
        ).fetchone()
        began = time.perf_counter()
        if largest and largest[0] <= ROW_GROUP:
            connection.execute("set threads = 1")
        for schema in plan.schemas:
            connection.execute(f'create schema if not exists "{schema}"')
        for step in plan.steps:
            for statement in step.statements:
                connection.execute(statement)
        connection.execute("checkpoint")
        return time.perf_counter() - began


def main(home: Path, rounds: int) -> None:
    """Build both ways; print what each took at best."""
    settings = settings_for(home)
    build(settings)
    stages = Stages()
    took: dict[str, list[float]] = {"build": [], "SQL alone": []}
    for _ in range(rounds):
        began = time.perf_counter()
        build(settings)
        took["build"].append(time.perf_counter() - began)
        took["SQL alone"].append(by_hand(settings))
    stages.seconds = {name: min(seconds) for name, seconds in took.items()}
    stages.tell(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
