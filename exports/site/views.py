"""A table as a page shows it: columns that say the same in every row are said once, above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exports.definitions.table import MEANINGS, ColumnDefinition
from exports.edition.facts import Edition
from exports.figures.cell import Cell
from exports.figures.display import plain
from exports.figures.selection import Selection
from exports.files.frontmatter import table_title
from exports.site.charts import ChartView, charts_of

_LONG, _SHORT = 34, 22  # letters: more want a wide column, fewer stand on one line
_BRIEF = 17  # letters: a code, period or day of as few stands on one line in any table
_LONGEST = 90  # letters: a text of more would make a row tall among many columns
_MANY, _MOST = 8, 15  # columns: of more they are set closer, or the first stays in sight
_MOST_WIDE = 2  # columns of long texts, likewise


@dataclass(frozen=True)
class HeaderView:
    """A column's header: label with unit, the note it points to, how it is set."""

    text: str
    note: int | None
    kind: str


@dataclass(frozen=True)
class CellView:
    """A cell as it reads, and how it is set."""

    text: str
    is_row_header: bool
    kind: str


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

    @property
    def setting(self) -> str:
        """How the table is set, as classes: `many` columns are set closer, of the `most` the
        first stays in sight and the long texts are given room."""
        wide = sum(header.kind == "wide" for header in self.headers)
        longest = max((len(one.text) for _, cells in self.rows for one in cells), default=0)
        if len(self.headers) <= _MANY:
            return ""
        is_most = len(self.headers) > _MOST or wide > _MOST_WIDE or longest > _LONGEST
        return "many most" if is_most else "many"


def table_view(edition: Edition, selection: Selection) -> TableView:
    """The whole table."""
    return view_of_rows(
        edition, selection, range(len(selection.rows)), charts_of(edition, selection)
    )


def view_of_rows(
    edition: Edition, selection: Selection, places: Sequence[int], charts: Sequence[ChartView] = ()
) -> TableView:
    """The table, or some of its rows."""
    table = selection.table
    rows = [selection.rows[place] for place in places]
    once = _given_once(selection, rows)
    kept = [at for at in range(len(table.columns)) if at not in once]
    notes = list(
        dict.fromkeys(
            [
                *table.notes,
                *(table.columns[at].note or "" for at in kept if table.columns[at].note),
            ]
        )
    )
    numbers = {note: number for number, note in enumerate(notes, start=1)}
    header_at = next((at for at in kept if table.columns[at].name in table.key), kept[0])
    kinds = {at: _kind(table.columns[at], [row[at] for row in rows]) for at in kept}
    symbols = sorted({row[at].symbol or "" for row in rows for at in kept} - {""})
    return TableView(
        name=table.name,
        number=table.number,
        title=table.title,
        full_title=table_title(edition, table),
        topic=table.topic,
        about=table.about,
        empty=table.empty,
        same=[(table.columns[at].header, plain(rows[0][at], table.columns[at])) for at in once],
        headers=[_header(table.columns[at], numbers, kinds[at]) for at in kept],
        rows=[
            (
                place,
                [
                    CellView(plain(row[at], table.columns[at]), at == header_at, kinds[at])
                    for at in kept
                ],
            )
            for place, row in zip(places, rows, strict=True)
        ],
        notes=notes,
        symbols=[(symbol, MEANINGS[symbol]) for symbol in symbols],
        charts=charts,
        columns=table.columns,
    )


def _given_once(selection: Selection, rows: Sequence[Sequence[Cell]]) -> list[int]:
    """The columns that have one and the same short value in several rows, but for figures."""
    if len(rows) == 1:
        rows = selection.rows  # of one row it is the whole table that says what is the same in all
    if len(rows) < 2:
        return []
    return [
        at
        for at, column in enumerate(selection.table.columns)
        if not _is_figure(column)
        and len({row[at].text for row in rows}) == 1
        and len(plain(rows[0][at], column)) <= _SHORT
    ]


def _header(column: ColumnDefinition, numbers: Mapping[str, int], kind: str) -> HeaderView:
    return HeaderView(column.header, numbers[column.note] if column.note else None, kind)


def _kind(column: ColumnDefinition, cells: Sequence[Cell]) -> str:
    """How a column is set: figures to the right, long text wide, short text on one line."""
    if _is_figure(column):
        return "n"
    longest = max((len(plain(cell, column)) for cell in cells), default=0)
    if longest > _LONG:
        return "wide"
    if longest <= _BRIEF and all(_has_digit(cell, column) for cell in cells):
        return "brief"
    return "short" if longest <= _SHORT else ""


def _has_digit(cell: Cell, column: ColumnDefinition) -> bool:
    return cell.symbol is not None or any(letter.isdigit() for letter in plain(cell, column))


def _is_figure(column: ColumnDefinition) -> bool:
    return column.type in ("integer", "number")
