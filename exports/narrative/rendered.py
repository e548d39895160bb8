"""What has been rendered: sentences in pieces, each of which knows the cell it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from exports.figures.cell import Cell
from exports.figures.display import with_unit
from exports.figures.selection import Selection


@dataclass(frozen=True)
class Source:
    """Which cell of the release a piece of a sentence is."""

    table: str
    row: int
    column: str


@dataclass(frozen=True)
class Piece:
    """Words, or a cell as it reads; `is_figure` if that is a number."""

    text: str
    source: Source | None = None
    is_figure: bool = False


RenderedSentence = tuple[Piece, ...]
OTHERS = {", ": " and others", "; ": "; and others"}  # what ends a list that has more


@dataclass(frozen=True)
class RenderedHeadline:
    """A figure shown large; only a label where there is none."""

    value: Piece | None
    label: str


@dataclass(frozen=True)
class RenderedSection:
    """A section with its sentences; `if_none` is said where there are none.

    `title_pieces`: a title with cells in it, as a sentence.
    """

    name: str
    title: str
    about: str
    figures: Sequence[RenderedHeadline]
    sentences: Sequence[RenderedSentence]
    if_none: str
    title_pieces: RenderedSentence = ()


def sentences_of(section: RenderedSection) -> Iterator[RenderedSentence]:
    """Everything that a section says, its figures with their labels first."""
    for figure in section.figures:
        words = Piece(f" {figure.label}." if figure.value else f"{figure.label}.")
        yield (figure.value, words) if figure.value else (words,)
    yield from section.sentences


def sources_of(sentence: RenderedSentence) -> list[tuple[str, int]]:
    """The rows that a sentence is made of, by table and place."""
    found = [(piece.source.table, piece.source.row) for piece in sentence if piece.source]
    return list(dict.fromkeys(found))


def joined(
    parts: Sequence[RenderedSentence], between: str, at_most: int | None = None
) -> RenderedSentence:
    """The parts beside each other, with `between` from one to the next; further ones than so many
    are `and others`."""
    shown = parts if at_most is None else parts[:at_most]
    pieces = [piece for part in shown for piece in (Piece(between), *part)][1:]
    return (*pieces, *([Piece(OTHERS[between])] if len(parts) > len(shown) else []))


def text_of(sentence: RenderedSentence) -> str:
    """A sentence as plain text."""
    return "".join(piece.text for piece in sentence)


def piece_of(selection: Selection, at: int, name: str, row: Mapping[str, Cell]) -> Piece:
    """A cell as it reads in a sentence; `row` is the row `at` of the selection by column."""
    column = next(one for one in selection.table.columns if one.name == name)
    return Piece(
        with_unit(row[name], column, row),
        Source(selection.table.name, at, name),
        column.type in ("integer", "number"),
    )
