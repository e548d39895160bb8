"""Nothing checked yet is no nought: 0 validated says little where something is claimed."""

from exports.figures.cell import Cell

_VALIDATED, _CLAIMED = "validated", "claimed"


def claimed_beside(basis: str) -> str:
    """The basis of what is claimed, beside one of what was validated of it; '' of any other."""
    return basis.replace(_VALIDATED, _CLAIMED) if basis.startswith(_VALIDATED) else ""


def is_unchecked(validated: Cell, claimed: Cell | None) -> bool:
    """Whether 0 was validated while something is claimed: none of it has been checked yet."""
    return validated.figure == 0 and bool(claimed and claimed.figure and claimed.figure > 0)
