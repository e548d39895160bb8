"""Sentences with the cells of a release put in, each piece knowing the cell it is."""

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from exports.definitions.narrative import (
    MISSING,
    PLACEHOLDER,
    Condition,
    Headline,
    NamedCell,
    Narrative,
    Section,
    Sentence,
    SentenceRows,
)
from exports.definitions.table import (
    CONFIDENTIAL,
    LOW,
    SYMBOLS,
    ColumnDefinition,
    TableDefinition,
)
from exports.figures.cell import Cell
from exports.figures.display import with_unit
from exports.figures.judged import judged
from exports.figures.selection import Selection
from exports.narrative.by_whom import BY_WHOM, Services
from exports.narrative.rendered import (
    Piece,
    RenderedHeadline,
    RenderedSection,
    RenderedSentence,
    Source,
    joined,
    piece_of,
    text_of,
)
from flows.common.errors import SocialValueError
from flows.common.periods import MONTHS_IN, Period, period_of

_WHY = {
    CONFIDENTIAL: "hidden, to protect people",
    SYMBOLS["not available"]: "not available",
    SYMBOLS["not applicable"]: "not applicable",
}


class NarrativeError(SocialValueError):
    """A sentence names a cell that the release does not have; the message says which."""


def render_sections(
    narrative: Narrative,
    selections: Sequence[Selection],
    period: Period,
    told: Collection[Mapping[str, str]] = (),
) -> list[RenderedSection]:
    """The narrative of a release; `told`: rows that its lead told of already, by their texts, which
    a section of a few sentences passes over. Raises NarrativeError."""
    by_name = {one.table.name: one for one in selections}
    renderer = Renderer(by_name, labels_of(period), told=told)
    return [renderer.section(section) for section in narrative.sections]


def is_of(row: Mapping[str, Cell], of: Mapping[str, Sequence[str]]) -> bool:
    """Whether a row is of a chapter: each column that it has and the chapter names holds one of
    the texts."""
    return all(row[name].text in texts for name, texts in of.items() if name in row)


def labels_of(period: Period) -> dict[str, str]:
    """The words that every sentence may use: this period, the one before, the year before's."""
    months = period.first_day.year * 12 + period.first_day.month - 1 - MONTHS_IN[period.kind]
    before = period.first_day.replace(year=months // 12, month=months % 12 + 1)
    year_before = period.first_day.replace(year=period.first_day.year - 1)
    return {
        "period": period.label,
        "previous": period_of(before, period.kind).label,
        "year_before": period_of(year_before, period.kind).label,
    }


@dataclass(frozen=True)
class _FoundCell:
    """A cell, how it reads, and where it stands; none of it where its row is not there."""

    cell: Cell
    piece: Piece


class Renderer:
    """Makes the sections of a publication, or of a chapter: of rows that are `of` it, and with
    what its `services` delivered."""

    def __init__(
        self,
        selections: Mapping[str, Selection],
        labels: Mapping[str, str],
        of: Mapping[str, Sequence[str]] | None = None,
        services: Services | None = None,
        told: Collection[Mapping[str, str]] = (),
    ) -> None:
        self._selections = selections
        self._labels = labels
        self._of = of or {}
        self._services = services
        self._told = told

    def section(self, section: Section) -> RenderedSection:
        """The section with its sentences. Raises NarrativeError."""
        passed = self._told if section.at_most else ()
        sentences = [
            sentence for one in section.sentences for sentence in self._sentence(one, passed)
        ]
        if section.at_most:
            sentences = sentences[: section.at_most]
        figures = [self._figure(one) for one in section.figures]
        return RenderedSection(
            section.name, section.title, section.about, figures, sentences, section.if_none
        )

    def _figure(self, figure: Headline) -> RenderedHeadline:
        found = self._find(figure.cell)
        if not is_given(found.cell):
            return RenderedHeadline(None, text_of(self._otherwise(figure.otherwise, [found])))
        return RenderedHeadline(found.piece, text_of(self._fill(figure.label, {})))

    def _sentence(
        self, sentence: Sentence, passed: Collection[Mapping[str, str]]
    ) -> Iterator[RenderedSentence]:
        if sentence.for_each:
            yield from self._for_each(sentence, sentence.for_each, passed)
            return
        cells = {name: self._find(named) for name, named in sentence.cells.items()}
        met = all(_meets(cells[name].cell, one) for name, one in sentence.when.items())
        if met and all(is_given(found.cell) for found in cells.values()):
            words = {
                name: _words(
                    _compare(cells[one.cell], cells[one.beside], (one.more, one.less, one.same))
                )
                for name, one in sentence.words.items()
            }
            pieces = {name: (found.piece,) for name, found in cells.items()}
            yield self._fill(sentence.say, {**pieces, **words})
        elif sentence.otherwise:
            yield self._otherwise(sentence.otherwise, list(cells.values()))

    def _otherwise(self, template: str, found: Sequence[_FoundCell]) -> RenderedSentence:
        """What is said where a figure is missing: why, by the first reason that there is."""
        symbols = {one.cell.symbol for one in found}
        why = next((words for symbol, words in _WHY.items() if symbol in symbols), "not available")
        return self._fill(template, {MISSING: _words(why)})

    def _for_each(
        self, sentence: Sentence, rows: SentenceRows, passed: Collection[Mapping[str, str]]
    ) -> Iterator[RenderedSentence]:
        selection = self._selection(rows.table)
        beside = [name for one in rows.where.values() for name in one.columns]
        for column in (*rows.where, *beside, *rows.together, *sentence.inside):
            self._column(selection, column)
        groups: dict[tuple[str, ...], list[int]] = {}
        every = selection.by_column
        for at, row in enumerate(every):
            if (
                is_of({**_stated(rows.of), **row}, self._of)
                and not any(_says(row, one) for one in passed)
                and all(
                    _meets(row[column], one) and _compares(selection.table, row, column, one)
                    for column, one in rows.where.items()
                )
            ):
                alike = tuple(row[column].text for column in rows.together) or (str(at),)
                groups.setdefault(alike, []).append(at)
        for number, places in enumerate(groups.values()):
            if number == rows.at_most:
                yield self._fill("Further rows are in the table.", {})
                return
            pieces = self._pieces(selection, places[0], every[places[0]])
            pieces |= {name: tuple(map(within, pieces[name])) for name in sentence.inside}
            if not sentence.item:
                yield from self._of_row(sentence, every[places[0]], pieces)
                continue
            each = [
                self._fill(sentence.item, self._pieces(selection, at, every[at])) for at in places
            ]
            items = joined(each, ", ", rows.at_most)
            before, _, after = sentence.say.partition("{items}")
            yield (*self._fill(before, pieces), *items, *self._fill(after, pieces))

    def _of_row(
        self, sentence: Sentence, row: Mapping[str, Cell], pieces: Mapping[str, RenderedSentence]
    ) -> Iterator[RenderedSentence]:
        """What is said of a row, with the cells of other tables that it names."""
        texts = {name: cell.text for name, cell in row.items()}
        beside = {name: self._find(one, texts) for name, one in sentence.cells.items()}
        if all(is_given(one.cell) for one in beside.values()):
            found = {name: (one.piece,) for name, one in beside.items()}
            yield self._fill(sentence.say, {**pieces, **found})
        elif sentence.otherwise:
            yield self._fill(sentence.otherwise, pieces)

    def _pieces(
        self, selection: Selection, at: int, row: Mapping[str, Cell]
    ) -> dict[str, RenderedSentence]:
        pieces: dict[str, RenderedSentence] = {
            column.name: (piece_of(selection, at, column.name, row),)
            for column in selection.table.columns
        }
        return {BY_WHOM: self._services.by_whom(row) if self._services else (), **pieces}

    def _fill(self, template: str, pieces: Mapping[str, RenderedSentence]) -> RenderedSentence:
        filled: list[Piece] = []
        end = 0
        for found in PLACEHOLDER.finditer(template):
            if found.start() > end:
                filled.append(Piece(template[end : found.start()]))
            name = found[1]
            if name in pieces:
                filled += pieces[name]
            elif name in self._labels:
                filled.append(Piece(self._labels[name]))
            else:
                raise NarrativeError(f"The sentence {template!r} names no cell called {name}.")
            end = found.end()
        return (*filled, Piece(template[end:])) if end < len(template) else tuple(filled)

    def _find(self, named: NamedCell, texts: Mapping[str, str] | None = None) -> _FoundCell:
        """The cell, or the first given one of those named in its place; `texts` are of a row."""
        every = [self._find_one(one, texts or {}) for one in (named, *named.or_in)]
        return next((one for one in every if is_given(one.cell)), every[0])

    def _find_one(self, named: NamedCell, texts: Mapping[str, str]) -> _FoundCell:
        selection = self._selection(named.table)
        column = self._column(selection, named.column)
        wanted = {
            name: texts[text[1:-1]] if text[1:-1] in texts else self._fill_text(text)
            for name, text in named.row.items()
        }
        for name in wanted:
            self._column(selection, name)
        found = [
            (at, row)
            for at, row in enumerate(selection.by_column)
            if all(row[name].text == text for name, text in wanted.items())
        ]
        row_name = ", ".join(f"{name} is {text}" for name, text in wanted.items())
        if len(found) > 1:
            raise NarrativeError(f"Table {named.table} has {len(found)} rows where {row_name}.")
        if not found:
            return _FoundCell(Cell(None, "[x]"), Piece("not available"))
        at, row = found[0]
        cell = row[named.column]
        is_figure = column.type in ("integer", "number")
        source = Source(named.table, at, named.column)
        return _FoundCell(cell, Piece(with_unit(cell, column, row), source, is_figure))

    def _fill_text(self, text: str) -> str:
        return text_of(self._fill(text, {}))

    def _selection(self, table: str) -> Selection:
        if table not in self._selections:
            raise NarrativeError(f"A sentence names the table {table}, which is not published.")
        return self._selections[table]

    def _column(self, selection: Selection, name: str) -> ColumnDefinition:
        for column in selection.table.columns:
            if column.name == name:
                return column
        raise NarrativeError(
            f"A sentence names the column {name}, which table {selection.table.name} has not."
        )


def _words(text: str) -> RenderedSentence:
    return (Piece(text),)


def _says(row: Mapping[str, Cell], texts: Mapping[str, str]) -> bool:
    """Whether a row has all the columns, with these texts."""
    return all(name in row and row[name].text == text for name, text in texts.items())


def within(piece: Piece) -> Piece:
    """The piece as it stands within a sentence; one that begins with an abbreviation stays."""
    text = piece.text
    if not text[1:2].islower():
        return piece
    return replace(piece, text=text[0].lower() + text[1:])


def is_given(cell: Cell) -> bool:
    """Whether there is a figure or text in it, and not only a symbol."""
    return cell.symbol in (None, LOW) and cell.value is not None


def _meets(cell: Cell, condition: Condition) -> bool:
    text = cell.text
    if condition.given is not None and is_given(cell) != condition.given:
        return False
    if condition.positive is not None:
        figure = cell.value if isinstance(cell.value, (int, Decimal)) else 0
        if (figure > 0) != condition.positive:
            return False
    return not (condition.one_of and text not in condition.one_of) and (
        text not in condition.none_of
    )


def _stated(of: Mapping[str, str]) -> dict[str, Cell]:
    return {name: Cell(text) for name, text in of.items()}


def _compares(
    table: TableDefinition, row: Mapping[str, Cell], column: str, condition: Condition
) -> bool:
    """Whether the figure stands to those beside it as is asked; no, where one is not shown."""
    one = judged(table, column, row)
    others = [
        (row[name].figure, order)
        for name, order in (
            (condition.at_least, operator.ge),
            (condition.at_most, operator.le),
            (condition.more_than, operator.gt),
            (condition.less_than, operator.lt),
        )
        if name
    ]
    return all(
        one is not None and other is not None and order(one, other) for other, order in others
    )


def _compare(cell: _FoundCell, beside: _FoundCell, words: tuple[str, str, str]) -> str:
    one, other = cell.cell.value, beside.cell.value
    if not isinstance(one, (int, Decimal)) or not isinstance(other, (int, Decimal)):
        raise NarrativeError(f"{cell.piece.text} and {beside.piece.text} cannot be compared.")
    more, less, same = words
    if one == other:
        return same
    return more if one > other else less
