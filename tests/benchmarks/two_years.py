"""The two years of the demo as `social-value demo` runs them, stage by stage.

A publication's build counts to the builds alone. What is told as rows is how many files came.
"""

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from flows.commands.options import with_prefect
from tests.benchmarks.measured import Stages, cpu_seconds

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def _timed(stages: Stages, name: str, step: Callable[Given, Answer]) -> Callable[Given, Answer]:
    @functools.wraps(step)
    def timed(*given: Given.args, **named: Given.kwargs) -> Answer:
        began = cpu_seconds()
        try:
            with stages.timed(name):
                return step(*given, **named)
        finally:
            spent = f"{name}, CPU"
            stages.seconds[spent] = stages.seconds.get(spent, 0) + cpu_seconds() - began

    return timed


def main(home: Path, quarter: bool) -> None:
    """Run it in an empty home; print what each stage took."""
    for name in ("SOCIAL_VALUE_DEFINITIONS", "SOCIAL_VALUE_NOW"):  # as who runs it has them: not
        os.environ.pop(name, None)
    stages = Stages()
    with with_prefect(home) as settings:
        from flows.demo import run as demo
        from flows.demo.made.deliveries import QUARTER, WHOLE, deliveries
        from flows.operations import build

        demo.deliveries = _timed(stages, "make the files", demo.deliveries)
        demo.receive = _timed(stages, "arrivals", demo.receive)
        demo._publish = _timed(stages, "publish", demo._publish)
        build.build = _timed(stages, "builds", build.build)
        scope = QUARTER if quarter else WHOLE
        demo.run(settings, scope, True)
        stages.seconds["publish"] -= stages.seconds["builds"]
        stages.seconds["publish, CPU"] -= stages.seconds["builds, CPU"]
        stages.tell(len(deliveries(scope=scope)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), "quarter" in sys.argv[2:])
