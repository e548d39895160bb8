"""One file of any return on the road, without a build, stage by stage."""

import sys
from pathlib import Path

from flows.common.settings import settings_for
from flows.intake import take_in as intake
from flows.intake.rules import read_rules
from flows.intake.submission import Submission
from tests.benchmarks.measured import Stages
from tests.benchmarks.road import part_digests, time_stages


def main(return_name: str, file: Path, home: Path) -> None:
    """Take the file in; print what each stage took."""
    import great_expectations  # noqa: F401  # imported before the clock runs

    settings = settings_for(home)
    rules = read_rules(settings)
    stages = Stages()
    time_stages(stages)
    done = intake.take_in(Submission(file, return_name), rules, settings)
    if done.outcome != "loaded":
        raise RuntimeError(f"{done.outcome}: {done.reason}")
    part_digests(stages)
    stages.tell(done.counts.loaded)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
