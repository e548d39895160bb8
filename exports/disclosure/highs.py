"""HiGHS by its own interface.

SciPy has the same solver, but looks at a program for longer than one of ours takes, and is itself
long in loading.
"""

import highspy


class QuietHighs(highspy.Highs):
    """HiGHS without its banner, which it prints to standard output when callbacks are set up."""

    def enableCallbacks(self) -> None:  # noqa: N802
        """Set none up: they are not needed."""
        self.silent()
