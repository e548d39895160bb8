"""`words.csv`: every sentence of a release, with the cells that it is made of."""

from collections.abc import Sequence

from exports.figures.cell import harmless
from exports.figures.machine_files import csv_of
from exports.figures.selection import Selection
from exports.narrative.render import RenderedSection, Source, sentences_of, text_of


def words_text(sections: Sequence[RenderedSection], selections: Sequence[Selection]) -> str:
    """A row a sentence: section, sentence, and its cells as `table: key: column = text`."""
    by_name = {one.table.name: one for one in selections}
    rows = [
        (
            section.name,
            harmless(text_of(sentence)),
            "; ".join(_named(piece.source, by_name) for piece in sentence if piece.source),
        )
        for section in sections
        for sentence in sentences_of(section)
    ]
    return csv_of(("section", "sentence", "cells"), rows)


def _named(source: Source, by_name: dict[str, Selection]) -> str:
    selection = by_name[source.table]
    names = [column.name for column in selection.table.columns]
    texts = dict(zip(names, (cell.text for cell in selection.rows[source.row]), strict=True))
    key = ", ".join(f"{name}={texts[name]}" for name in selection.table.key)
    return f"{source.table}: {key}: {source.column} = {texts[source.column]}"
