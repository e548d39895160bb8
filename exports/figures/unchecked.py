"""Nothing checked yet is no nought, and what is checked in part is no fall.

0 validated, or 0 with evidence, says little where something is claimed.
"""

from exports.figures.cell import Cell

VALIDATED, _EVIDENCED, _CLAIMED = "validated", "evidenced", "claimed"


def claimed_beside(basis: str) -> str:
    """The basis of what is claimed, beside one of what was validated of it or has evidence; '' of
    any other."""
    for proof in (VALIDATED, _EVIDENCED):
        if basis.startswith(proof):
            return basis.replace(proof, _CLAIMED)
    return ""


def none_yet(basis: str) -> str:
    """What is said in the place of 0 where something is claimed."""
    return "none with evidence yet" if basis.startswith(_EVIDENCED) else "none checked yet"


def not_yet(basis: str) -> str:
    """What is said of the rest of what is claimed: `not checked yet`."""
    return "without evidence yet" if basis.startswith(_EVIDENCED) else "not checked yet"


def is_unchecked(proven: Cell, claimed: Cell | None) -> bool:
    """Whether 0 was validated, or has evidence, while something is claimed: none of it yet."""
    return proven.figure == 0 and bool(claimed and claimed.figure and claimed.figure > 0)


def is_partly(proven: Cell, claimed: Cell | None) -> bool:
    """Whether more is claimed than was validated so far, or has evidence."""
    return (
        bool(proven.figure)
        and claimed is not None
        and claimed.figure is not None
        and claimed.figure > (proven.figure or 0) > 0
    )
