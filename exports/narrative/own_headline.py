"""The authority's own headline, with cells of the release put in; the rule's words stay beside."""

from collections.abc import Sequence
from dataclasses import replace

from exports.definitions.headline import CellReference, OwnHeadline, parts_of
from exports.definitions.table import CONFIDENTIAL
from exports.figures.selection import Selection
from exports.narrative.lead import RenderedLead
from exports.narrative.render import NarrativeError, is_given
from exports.narrative.rendered import Piece, RenderedSentence, piece_of, text_of


def render_own(own: OwnHeadline, selections: Sequence[Selection], path: str) -> RenderedSentence:
    """The headline as a sentence; `path`: what errors call its file.

    Raises NarrativeError for a cell that the release does not have, or hides.
    """
    by_name = {one.table.name: one for one in selections}
    try:
        return tuple(
            Piece(part) if isinstance(part, str) else _piece(part, by_name)
            for part in parts_of(own.headline)
            if part
        )
    except NarrativeError as error:
        raise NarrativeError(f"{path}: {error}") from None


def with_own(lead: RenderedLead, headline: RenderedSentence, by: str) -> RenderedLead:
    """The lead under the authority's headline; what the rule would have said is its last words."""
    rule = Piece(f"The headline is by {by}. What the rule would have said: {lead.section.title}.")
    section = replace(
        lead.section,
        title=text_of(headline),
        title_pieces=headline,
        sentences=[*lead.section.sentences, (rule,)],
    )
    return replace(lead, section=section)


def _piece(named: CellReference, by_name: dict[str, Selection]) -> Piece:
    selection = by_name.get(named.table)
    if selection is None:
        raise NarrativeError(f"the release has no table {named.table}.")
    names = [column.name for column in selection.table.columns]
    for name in (named.column, *named.row):
        if name not in names:
            raise NarrativeError(f"table {named.table} has no column {name}.")
    rows = [
        (at, row)
        for at, row in enumerate(selection.by_column)
        if all(row[name].text == text for name, text in named.row.items())
    ]
    of_row = ", ".join(f"{name}={text}" for name, text in named.row.items())
    if len(rows) != 1:
        raise NarrativeError(f"table {named.table} has {len(rows)} rows where {of_row}.")
    at, row = rows[0]
    cell = row[named.column]
    if not is_given(cell):
        why = "is hidden, to protect people" if cell.symbol == CONFIDENTIAL else "has no value"
        raise NarrativeError(f"the cell {named.column} of table {named.table}, {of_row}, {why}.")
    return piece_of(selection, at, named.column, row)
