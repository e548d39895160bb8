"""A target that became another within the financial year, as a sentence of published cells."""

from collections.abc import Mapping
from datetime import date, timedelta

from exports.figures.cell import Cell
from exports.figures.display import spell_date
from exports.figures.selection import Selection
from exports.narrative.rendered import Piece, RenderedSentence, piece_of

SINCE, BEFORE, NOW = "target_since", "target_before", "target"


def change_of_target(selection: Selection, at: int, row: Mapping[str, Cell]) -> RenderedSentence:
    """`The target was 20% until 30 September 2022 and is 22% from 1 October 2022.`

    `row` is the row `at` of the selection by column. Nothing where the target did not change, or
    where a table of before has no such column.
    """
    since = row[SINCE].value if SINCE in row else None
    if not isinstance(since, date):
        return ()
    before, now = (
        None if row[name].figure is None else piece_of(selection, at, name, row)
        for name in (BEFORE, NOW)
    )
    until = Piece(f" until {spell_date(since - timedelta(days=1))}")
    day = piece_of(selection, at, SINCE, row)
    was = (Piece("The target was "), before) if before else (Piece("There was no target"),)
    becomes = (
        (Piece(" and is "), now, Piece(" from ")) if now else (Piece("; there is none from "),)
    )
    return (*was, until, *becomes, day, Piece("."))
