"""Whose turn it is: batches are judged side by side, and kept in the order of their sweep.

So two sweeps over the same files have one ledger, whichever is judged faster. A batch that has
failed has had its turn: nobody waits for it, but those that must find it in the warehouse are left
for the next sweep.
"""

import threading
from collections.abc import Sequence
from typing import Protocol


def at_once() -> None:
    """The turn of a batch that nobody is before."""


class Turns(Protocol):
    """The turns of a sweep's batches, by their numbers."""

    def may_begin(self, number: int) -> bool:
        """Wait for those that it must find; False where one of them has failed."""

    def wait_to_keep(self, number: int) -> None:
        """Wait until all before it have ended."""

    def end(self, number: int, is_well: bool) -> None:
        """Say that it has ended; what was said first stands."""


class OwnTurns:
    """The turns of batches that go in by threads of one process.

    Batches begin in order, so the first that has not ended is under way: nobody waits for ever.
    """

    def __init__(self, after: Sequence[Sequence[int]]) -> None:
        """`after`: of each batch the numbers of those that it waits for."""
        self._after = after
        self._ended: dict[int, bool] = {}
        self._changed = threading.Condition()

    def may_begin(self, number: int) -> bool:
        """Wait for those that it must find; False where one of them has failed."""
        self._wait_for(self._after[number])
        return all(self._ended[one] for one in self._after[number])

    def wait_to_keep(self, number: int) -> None:
        """Wait until all before it have ended."""
        self._wait_for(range(number))

    def end(self, number: int, is_well: bool) -> None:
        """Say that it has ended; what was said first stands."""
        with self._changed:
            self._ended.setdefault(number, is_well)
            self._changed.notify_all()

    def _wait_for(self, numbers: Sequence[int]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: all(one in self._ended for one in numbers))
