"""`words.csv`: every sentence of a release, with the cells that it is made of."""

import csv
import io
from collections.abc import Sequence

from exports.figures.cell import harmless
from exports.figures.selection import Selection
from exports.narrative.render import Piece, RenderedSection, sentences_of, text_of


def words_text(sections: Sequence[RenderedSection], selections: Sequence[Selection]) -> str:
    """A row a sentence: section, sentence, and its cells as `table: key: column = text`."""
    by_name = {one.table.name: one for one in selections}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["section", "sentence", "cells"])
    for section in sections:
        for sentence in sentences_of(section):
            cells = "; ".join(_named(piece, by_name) for piece in sentence if piece.source)
            writer.writerow([section.name, harmless(text_of(sentence)), cells])
    return out.getvalue()


def _named(piece: Piece, by_name: dict[str, Selection]) -> str:
    source = piece.source
    if source is None:
        return ""
    selection = by_name[source.table]
    names = [column.name for column in selection.table.columns]
    texts = dict(zip(names, selection.texts[source.row], strict=True))
    key = ", ".join(f"{name}={texts[name]}" for name in selection.table.key)
    return f"{source.table}: {key}: {source.column} = {texts[source.column]}"
