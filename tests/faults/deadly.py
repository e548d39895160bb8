"""A process that kills itself at a named moment: nothing of it gets to tidy up."""

import os
import signal
from collections.abc import Callable


def die_at(owner: object, name: str, when: str, visit: int) -> None:
    """Let this process be killed before or after the `visit`-th call of a function or method."""
    setattr(owner, name, _deadly(getattr(owner, name), when, visit))


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
