"""This project: the vendor master goes in first, then the file on the road, stage by stage."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flows.common.settings import settings_for
from flows.intake import take_in as intake
from flows.intake.rules import read_rules
from flows.intake.submission import Submission
from flows.modelling.build import build
from flows.warehouse import keep
from tests.benchmarks.measured import Stages

Answer = TypeVar("Answer")
STAGES = {
    "land": ["land", "store"],
    "look up": ["look_up"],
    "read and match": ["read"],
    "type": ["load_macros", "load_seeds", "type_tables", "derive_tables", "date_tables"],
    "judge": ["judge_files", "sort_file"],
    "keep": ["keep_batch"],
}


def _timed(stages: Stages, name: str, step: Callable[..., Answer]) -> Callable[..., Answer]:
    def timed(*given: object, **named: object) -> Answer:
        with stages.timed(name):
            return step(*given, **named)

    return timed


def time_stages(stages: Stages) -> None:
    """Let each step of the road count to its stage, from now on and in this process."""
    for stage, names in STAGES.items():
        for name in names:
            setattr(intake, name, _timed(stages, stage, getattr(intake, name)))
    keep.of_return = _timed(stages, "digests", keep.of_return)


def part_digests(stages: Stages) -> None:
    """Count digests, which keeping makes, to themselves alone."""
    stages.seconds["keep"] -= stages.seconds.get("digests", 0)


def main(file: Path, vendors: Path, home: Path) -> None:
    """Take the file in and build; print what each stage took."""
    import great_expectations  # noqa: F401  # imported before the clock runs: the others' are too

    settings = settings_for(home)
    rules = read_rules(settings)
    intake.take_in(Submission(vendors, "finance_vendors"), rules, settings)
    stages = Stages()
    time_stages(stages)
    done = intake.take_in(Submission(file, "finance_payments"), rules, settings)
    if done.outcome != "loaded":
        raise RuntimeError(f"{done.outcome}: {done.reason}")
    with stages.timed("model"):
        build(settings)
    part_digests(stages)
    stages.tell(done.counts.loaded)


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:4]))
