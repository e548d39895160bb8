"""What others wrote, safe to print: of some characters a terminal makes commands."""

import re

# Control characters but for tab and line feed, and what turns the direction of letters.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: object) -> str:
    """The text with such characters shown by their numbers."""
    return _OBEYED.sub(lambda found: ascii(found[0])[1:-1], str(text))
