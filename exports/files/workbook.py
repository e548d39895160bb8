"""What the workbook of a release says, sheet by sheet: cover, contents, notes, tables.

It keeps to the Analysis Function's checklist for accessible spreadsheets, which
the tests hold against every workbook written.
"""

from collections.abc import Sequence

from exports.definitions.table import MEANINGS, ColumnDefinition, TableDefinition
from exports.edition.facts import Edition
from exports.figures.cell import Cell
from exports.figures.display import plain
from exports.figures.selection import Selection
from exports.files.frontmatter import (
    BACK,
    NOTES,
    columns_sheet,
    contents_sheet,
    cover_sheet,
    notes_sheet,
    number_notes,
    points_sheet,
    shorthand_sheet,
    spell_period,
    table_title,
)
from exports.files.spreadsheet import (
    SOFTWARE,
    Line,
    SheetTable,
    SheetValue,
    WorkbookSheet,
    number_format,
    workbook_bytes,
)
from exports.narrative.rendered import RenderedSection


def write_workbook(
    edition: Edition, selections: Sequence[Selection], sections: Sequence[RenderedSection] = ()
) -> bytes:
    """The release's workbook as .xlsx bytes, `sections` its words; equal inputs, equal bytes."""
    tables = [selection.table for selection in selections]
    numbers = number_notes(selections)
    back = [points_sheet(edition, selections, sections)] if sections else []
    back += [notes_sheet(numbers)] if numbers else []
    back += [shorthand_sheet(selections), columns_sheet(tables)]
    return workbook_bytes(
        [
            cover_sheet(edition),
            contents_sheet(selections, back),
            *back,
            *(_table_sheet(edition, selection, numbers) for selection in selections),
        ],
        edition.title,
        f"Social value figures for {spell_period(edition)}",
        edition.facts.as_of,
        publisher.name if (publisher := edition.facts.publisher) else SOFTWARE,
    )


def _table_sheet(edition: Edition, selection: Selection, numbers: dict[str, int]) -> WorkbookSheet:
    table = selection.table
    marks = "".join(f" [note {numbers[text]}]" for text in table.notes)
    title = table_title(edition, table) + marks
    if not selection.rows:
        return WorkbookSheet(table.sheet, title, [Line(table.empty), BACK])
    lines = [Line(f"This worksheet contains one table. {table.about}")]
    lines += [Line(f"{symbol} {MEANINGS[symbol]}") for symbol in selection.symbols]
    if numbers and ("[note" in title or any(column.note for column in table.columns)):
        lines.append(Line("Read the notes", link=NOTES))
    lines.append(BACK)
    headers = [
        column.header + (f" [note {numbers[column.note]}]" if column.note else "")
        for column in table.columns
    ]
    rows = [
        [_value(cell, column) for cell, column in zip(row, table.columns, strict=True)]
        for row in selection.rows
    ]
    right = [column.type in ("integer", "number") for column in table.columns]
    widths = [
        _width(column, header, [row[place] for row in rows])
        for place, (column, header) in enumerate(zip(table.columns, headers, strict=True))
    ]
    return WorkbookSheet(
        table.sheet,
        title,
        lines,
        SheetTable(table.name, headers, rows, widths, right, _naming(table)),
    )


def _naming(table: TableDefinition) -> int:
    """How many columns on the left name a row, so that a page further right can repeat them."""
    return 1 + max(at for at, column in enumerate(table.columns) if column.name in table.key)


def _value(cell: Cell, column: ColumnDefinition) -> SheetValue:
    """The cell as pages say it; numbers and days stay what they are."""
    if isinstance(cell.value, str | bool) or cell.symbol is not None:
        return SheetValue(plain(cell, column))
    return SheetValue(cell.value, number_format(cell.value, cell.decimals))


def _width(column: ColumnDefinition, header: str, cells: Sequence[SheetValue]) -> float:
    """Wide enough for the longest figure or word; text wraps, so a long one needs no more."""
    least = max(9, len(header) // 3, *(len(word) + 1 for word in header.split()))
    texts = [str(cell.value) for cell in cells]
    longest = max(map(len, texts))
    if column.type == "text":
        word = max((len(word) for text in texts for word in text.split()), default=0)
        return max(least, min(max(word, 20 + longest // 4), longest, 60)) + 4
    # Thousands separators and a spelt month take room that the plain text does not show.
    return max(least, longest + longest // 4) + 4
