"""Whose the figure of a measure is: suppliers and services of every role deliver the same measure.

A chapter tells the figure of them all; how much of it is of its own services its figures say.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from exports.figures.cell import Cell
from exports.figures.selection import Selection
from exports.figures.unchecked import VALIDATED
from exports.narrative.rendered import Piece, RenderedSentence, piece_of

BY_WHOM = "by_whom"  # what a template calls it, of a row with a measure and its `gross`
_MEASURE, _GROSS = "measure_id", "gross"
_OTHERS, _OWN = "by suppliers and by services in other roles", "of it by services in this role"


@dataclass(frozen=True)
class Services:
    """What a chapter's own services delivered: `by_measure` names the indicator that tells it."""

    figures: Selection
    by_measure: Mapping[str, str]

    def by_whom(
        self, row: Mapping[str, Cell], before: str = ", ", after: str = ""
    ) -> RenderedSentence:
        """`, 366 trees of it by services in this role`; nothing where all of it is theirs, or where
        the chapter has no figure of theirs."""
        if _MEASURE not in row or _GROSS not in row:
            return ()
        indicator, whole = self.by_measure.get(row[_MEASURE].text), row[_GROSS].figure
        for at, own in enumerate(self.figures.by_column):
            if own["indicator_id"].text != indicator or own["basis"].text != VALIDATED:
                continue
            part = own["value"].figure
            if part is None or whole is None or part >= whole:
                return ()
            if not part:
                return (Piece(f"{before}{_OTHERS}{after}"),)
            own_part = piece_of(self.figures, at, "value", own)
            return (Piece(before), own_part, Piece(f" {_OWN}{after}"))
        return ()
