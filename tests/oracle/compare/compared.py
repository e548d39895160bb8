"""One thing that came of the demo, beside what it should be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Compared:
    """One thing that came, and what it should be."""

    what: str
    came: str
    true: str

    @property
    def same(self) -> bool:
        """Whether it is as it should be."""
        return self.came == self.true
