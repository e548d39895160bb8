"""What senders say of equality impact assessments, by the reference of what is assessed."""

DONE, MISSING, NOT_NEEDED = "done", "missing", "not needed"
NOT_KNOWN = ""  # nothing is said
# Each as a sender writes it; of one in five nobody says anything.
_SAID = (
    (DONE, "Done"),
    (NOT_NEEDED, "Not required"),
    (DONE, "Completed"),
    (MISSING, "Outstanding"),
    (NOT_KNOWN, ""),
)


def equality_of(reference: str) -> str:
    """What is written of the assessment in the row of that reference."""
    return _of(reference)[1]


def assessed(reference: str) -> str:
    """What that means: done, missing, not needed, or nothing."""
    return _of(reference)[0]


def _of(reference: str) -> tuple[str, str]:
    return _SAID[int("".join(filter(str.isdigit, reference)) or 0) % len(_SAID)]
