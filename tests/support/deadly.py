"""A process that kills itself at a named moment: nothing of it gets to tidy up."""

import os
import signal
from collections.abc import Callable
from itertools import count


def die_at(owner: object, name: str, when: str, visit: int) -> None:
    """Let this process be killed before or after the `visit`-th call of a function or method."""
    setattr(owner, name, _deadly(getattr(owner, name), when, visit))


def _deadly(step: Callable[..., object], when: str, visit: int) -> Callable[..., object]:
    visits = count(1)  # gives each thread a number of its own

    def stepped(*args: object, **kwargs: object) -> object:
        number = next(visits)
        if when == "before" and number == visit:
            os.kill(os.getpid(), signal.SIGKILL)
        result = step(*args, **kwargs)
        if when == "after" and number == visit:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return stepped
