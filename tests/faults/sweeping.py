"""One sweep of the inbox in a process of its own, which may be killed at a named moment."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from flows import inbox, intake
from flows.across import judge_across
from flows.settings import Settings, settings_for
from flows.warehouse import keep as keeping

# Every step boundary: (module, function, before or after it).
BOUNDARIES = [
    (intake, name, when)
    for name in ("land", "identify", "look_up", "store", "read", "type_tables", "judge_tables")
    for when in ("before", "after")
] + [
    (intake, "write_answer", "after"),
    (keeping, "_copy_rows", "after"),
    (keeping, "put_in_force", "after"),
    (intake, "keep", "after"),  # all is written, nothing committed
    (intake, "keep_filing", "after"),  # committed, and the file still in the inbox
    (inbox, "leave_inbox", "after"),
]


def sweep(settings: Settings) -> None:
    """What the ingest flow does, without Prefect: the inbox, in order, then across returns."""
    rules = intake.read_rules(settings)
    for sent in inbox.waiting(settings, rules):
        done = intake.take_in(sent, rules, settings)
        inbox.leave_inbox(sent, done, settings)
    judge_across(rules, settings)


def sweep_and_die(home: str, boundary: int, visit: int, environment: dict[str, str]) -> None:
    """Sweep, and kill this process at the `visit`-th time the boundary is reached."""
    os.environ.update(environment)
    module, name, when = BOUNDARIES[boundary]
    setattr(module, name, _deadly(getattr(module, name), when, visit))
    sweep(settings_for(Path(home)))


def _deadly(step: Callable[..., object], when: str, visit: int) -> Callable[..., object]:
    visits = 0

    def stepped(*args: object, **kwargs: object) -> object:
        nonlocal visits
        visits += 1
        if when == "before" and visits == visit:
            os.kill(os.getpid(), signal.SIGKILL)
        result = step(*args, **kwargs)
        if when == "after" and visits == visit:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return stepped
