"""`words.csv`: every sentence of a release, with the cells that it is made of."""

import csv
from collections.abc import Sequence
from pathlib import Path

from exports.figures.cell import harmless
from exports.figures.machine_files import csv_of
from exports.figures.selection import Selection
from exports.narrative.rendered import (
    Piece,
    RenderedSection,
    RenderedSentence,
    Source,
    sentences_of,
    text_of,
)

WORDS = "words.csv"
HEADLINE = "headline"  # the section whose title is the news itself, and stands as a sentence


def words_text(sections: Sequence[RenderedSection], selections: Sequence[Selection]) -> str:
    """A row a sentence: section, sentence, and its cells as `table: key: column = text`."""
    by_name = {one.table.name: one for one in selections}
    rows = []
    for section in sections:
        if section.name == HEADLINE:
            rows.append(
                _row(section.name, section.title_pieces or (Piece(section.title),), by_name)
            )
        rows += [_row(section.name, sentence, by_name) for sentence in sentences_of(section)]
    return csv_of(("section", "sentence", "cells"), rows)


def read_headline(release: Path) -> str:
    """The news that a release opens with; '' of one that has none."""
    words = release / WORDS
    if not words.is_file():
        return ""
    with words.open(encoding="utf-8", newline="") as lines:
        said = (row["sentence"] for row in csv.DictReader(lines) if row["section"] == HEADLINE)
        return next(said, "")


def read_news(release: Path) -> str:
    """The sentence of its figure beside the one before, under the news; '' where there is none."""
    words = release / WORDS
    if not words.is_file():
        return ""
    with words.open(encoding="utf-8", newline="") as lines:
        _, *said = [row for row in csv.DictReader(lines) if row["section"] == HEADLINE] or [{}]
        return next((row["sentence"] for row in said if "; " in row["cells"]), "")


def _row(
    section: str, sentence: RenderedSentence, by_name: dict[str, Selection]
) -> tuple[str, str, str]:
    cells = "; ".join(_named(piece.source, by_name) for piece in sentence if piece.source)
    return section, harmless(text_of(sentence)), cells


def _named(source: Source, by_name: dict[str, Selection]) -> str:
    selection = by_name[source.table]
    names = [column.name for column in selection.table.columns]
    texts = dict(zip(names, (cell.text for cell in selection.rows[source.row]), strict=True))
    key = ", ".join(f"{name}={texts[name]}" for name in selection.table.key)
    return f"{source.table}: {key}: {source.column} = {texts[source.column]}"
