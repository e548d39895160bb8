"""What must still hold when something is committed: that the lock was not taken away meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_proofs: list[Callable[[], None]] = []


@contextmanager
def proven(proof: Callable[[], None]) -> Iterator[None]:
    """Until the block ends, nothing is committed unless `proof` raises nothing."""
    _proofs.append(proof)
    try:
        yield
    finally:
        _proofs.remove(proof)


def prove() -> None:
    """Raise what a proof raises."""
    for proof in _proofs:
        proof()
