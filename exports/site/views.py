"""A table as a page shows it: columns that say the same in every row are said once, above.

A row is headed by its name, with its codes in a muted tail; a table of long texts stands in groups.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exports.definitions.table import MEANINGS, SYMBOLS, ColumnDefinition
from exports.edition.facts import Edition
from exports.figures.cell import Cell
from exports.figures.display import SPOKEN
from exports.figures.selection import Selection
from exports.files.frontmatter import table_title
from exports.site.charts import ChartView, charts_of
from exports.site.names import Names
from exports.site.table_columns import LONG, LONGEST, SHORT, Reading, columns_of, is_figure, kind_of

_MANY, _MOST = 8, 15  # columns: of more they are set closer, or the first stays in sight
_MOST_WIDE = 2  # columns of long texts, likewise
_WHOLE_POUNDS = "Here pounds are rounded to whole ones; the files have the pence."
_NOTHING = "None"  # what the registry says of what there is not


@dataclass(frozen=True)
class HeaderView:
    """A column's header: label with unit, the note it points to, how it is set."""

    text: str
    note: int | None
    kind: str


@dataclass(frozen=True)
class CellView:
    """A cell as it reads, the code behind it, and how it is set."""

    text: str
    tail: str
    is_row_header: bool
    kind: str


@dataclass(frozen=True)
class GroupView:
    """Rows that belong together: what is said once of all, and what differs from row to row.

    A group of one row says all of it once; `place` is where the first stands in the table.
    """

    title: str
    code: str
    place: int
    same: Sequence[tuple[str, str]]
    headers: Sequence[HeaderView]
    rows: Sequence[tuple[int, Sequence[CellView]]]

    @property
    def brief(self) -> Sequence[tuple[str, str]]:
        """What is said once in few letters: it stands in a line."""
        return [one for one in self.same if len(one[1]) <= LONG]

    @property
    def long(self) -> Sequence[tuple[str, str]]:
        """What is said once and is a text."""
        return [one for one in self.same if len(one[1]) > LONG]


@dataclass(frozen=True)
class TableView:
    """A table of the release as a page shows it."""

    name: str
    number: int
    title: str
    full_title: str
    topic: str
    about: str
    empty: str
    same: Sequence[tuple[str, str]]
    headers: Sequence[HeaderView]
    rows: Sequence[tuple[int, Sequence[CellView]]]
    notes: Sequence[str]
    symbols: Sequence[tuple[str, str]]
    charts: Sequence[ChartView]
    columns: Sequence[ColumnDefinition]
    groups: Sequence[GroupView] = ()

    @property
    def setting(self) -> str:
        """How the table is set, as classes: `many` columns are set closer, of the `most` the
        first stays in sight and the long texts are given room."""
        wide = sum(header.kind in ("wide", "long") for header in self.headers)
        longest = max((len(one.text) for _, cells in self.rows for one in cells), default=0)
        if len(self.headers) <= _MANY:
            return ""
        is_most = len(self.headers) > _MOST or wide > _MOST_WIDE or longest > LONGEST
        return "many most" if is_most else "many"


def table_view(edition: Edition, selection: Selection, names: Names) -> TableView:
    """The whole table."""
    charts = charts_of(edition, selection)
    view = view_of_rows(edition, selection, range(len(selection.rows)), names, charts)
    return replace(view, groups=_groups(selection, names)) if selection.table.grouped_by else view


def view_of_rows(
    edition: Edition,
    selection: Selection,
    places: Sequence[int],
    names: Names,
    charts: Sequence[ChartView] = (),
) -> TableView:
    """The table, or some of its rows."""
    table = selection.table
    rows = [selection.rows[place] for place in places]
    reads = Reading(selection, names)
    once = _given_once(reads, rows)
    headed, kept = columns_of(table, once)
    pointed = [note for at in (*headed[1:], *kept) if (note := table.columns[at].note)]
    said = [*table.notes, *([_WHOLE_POUNDS] if reads.whole.intersection(kept) else [])]
    notes = list(dict.fromkeys([*said, *pointed]))
    symbols = sorted({row[at].symbol or "" for row in rows for at in kept} - {""})
    headers, shown = _set(reads, headed, kept, places, notes)
    return TableView(
        name=table.name,
        number=table.number,
        title=table.title,
        full_title=table_title(edition, table),
        topic=table.topic,
        about=table.about,
        empty=table.empty,
        same=[
            (table.columns[at].header, _in_words(reads(rows[0], at)[0]))
            for at in once
            if not (table.grouped_by and rows[0][at].symbol == SYMBOLS["not applicable"])
        ],
        headers=headers,
        rows=shown,
        notes=notes,
        symbols=[(symbol, MEANINGS[symbol]) for symbol in symbols],
        charts=charts,
        columns=table.columns,
    )


def _set(
    reads: Reading,
    headed: Sequence[int],
    kept: Sequence[int],
    places: Sequence[int],
    notes: Sequence[str],
) -> tuple[list[HeaderView], list[tuple[int, list[CellView]]]]:
    """The headers and the rows of the columns `kept`."""
    columns = reads.selection.table.columns
    rows = [(place, reads.selection.rows[place]) for place in places]
    texts = {at: [reads(row, at)[0] for _, row in rows] for at in kept}
    numbers = {note: number for number, note in enumerate(notes, start=1)}
    kinds = {at: kind_of(columns[at], texts[at], [row[at] for _, row in rows]) for at in kept}
    shown = []
    for place, row in rows:
        cells = []
        for at in kept:
            text, tail = reads(row, at)
            if at == headed[0]:
                said = [reads(row, one)[0] for one in headed[1:] if not row[one].symbol]
                tail = ", ".join(filter(None, [tail, *said]))
            cells.append(CellView(text, tail, at == headed[0], kinds[at]))
        shown.append((place, cells))
    return [_header(columns[at], numbers, kinds[at]) for at in kept], shown


def _groups(selection: Selection, names: Names) -> list[GroupView]:
    """The rows by the columns that the table is grouped by, in their order."""
    table, reads = selection.table, Reading(selection, names)
    place = {one.name: at for at, one in enumerate(table.columns)}
    by = [place[name] for name in table.grouped_by]
    apart = {*by, *_given_once(reads, selection.rows)}
    apart |= {at for at, one in enumerate(table.columns) if not one.on_pages}
    found: dict[tuple[str, ...], list[int]] = {}
    for at, row in enumerate(selection.rows):
        found.setdefault(tuple(row[one].text for one in by), []).append(at)
    groups = []
    for (_, *codes), places in found.items():
        rows = [selection.rows[at] for at in places]
        title = reads(rows[0], by[0])[0]
        same = [at for at in place.values() if len({row[at].text for row in rows}) == 1]
        headed, kept = columns_of(table, [*apart, *same]) if len(rows) > 1 else ([], [])
        headers, shown = _set(reads, headed, kept, places, ()) if kept else ([], [])
        said = [
            (table.columns[at].header, _in_words(reads(rows[0], at)[0]))
            for at in same
            if at not in apart
        ]
        given = [
            one
            for one, at in zip(said, [a for a in same if a not in apart], strict=True)
            if not rows[0][at].symbol and one[1] != _NOTHING
        ]
        groups.append(
            GroupView(
                title[:1].upper() + title[1:], ", ".join(codes), places[0], given, headers, shown
            )
        )
    return groups


def _in_words(text: str) -> str:
    """What is said once, above the table: a symbol there would stand far from what it means."""
    return SPOKEN.get(text, text)


def _given_once(reads: Reading, rows: Sequence[Sequence[Cell]]) -> list[int]:
    """The columns that have one and the same short value in several rows, but for figures."""
    if len(rows) == 1:
        rows = reads.selection.rows  # of one row the whole table says what is the same in all
    if len(rows) < 2:
        return []
    return [
        at
        for at, column in enumerate(reads.selection.table.columns)
        if not is_figure(column)
        and column.on_pages
        and len({row[at].text for row in rows}) == 1
        and len(reads(rows[0], at)[0]) <= SHORT
    ]


def _header(column: ColumnDefinition, numbers: Mapping[str, int], kind: str) -> HeaderView:
    return HeaderView(column.header, numbers.get(column.note or ""), kind)
