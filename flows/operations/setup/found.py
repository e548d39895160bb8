"""What a look of the doctor's found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Found:
    """What a look found: whether it is well, and what to do about it."""

    state: Literal["fine", "note", "wrong"]
    found: str
    mend: str = ""
