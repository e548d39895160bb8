"""What runs in a process apart, told what this one is told, and is killed at random moments."""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(
    ["great_expectations", "expectations.validation", "flows.intake.take_in"]
)


def environment() -> dict[str, str]:
    """What says where the home and the warehouse are."""
    return {
        name: value
        for name, value in os.environ.items()
        if "SOCIAL_VALUE" in name or name == "PGPASSFILE"
    }


def started(target: Callable[..., None], *words: object) -> BaseProcess:
    """A process that calls the function with the words and that environment."""
    process = context.Process(target=target, args=(*words, environment()))
    process.start()
    return process


def killed_at_random(
    target: Callable[..., None], home: str, moments: random.Random, longest: float, times: int
) -> int:
    """Start it so often, one after the other, and kill it; gives how often it was killed."""
    killed = 0
    for _ in range(times):
        process = started(target, home)
        process.join(moments.uniform(0.02, longest))
        process.kill()
        process.join(30)
        killed += process.exitcode == -signal.SIGKILL
    return killed
