"""The sheets before the tables: cover, contents, notes, shorthand, columns."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from exports.definitions.table import MEANINGS, TableDefinition
from exports.edition.facts import Edition
from exports.figures.selection import Selection
from exports.files.spreadsheet import Line, SheetTable, SheetValue, WorkbookSheet
from exports.narrative.rendered import (
    RenderedSection,
    RenderedSentence,
    sentences_of,
    sources_of,
    text_of,
)

COVER, CONTENTS, NOTES, SHORTHAND, COLUMNS = "Cover", "Contents", "Notes", "Shorthand", "Columns"
POINTS = "Main points"
BACK = Line("Go to the contents", link=CONTENTS)


def number_notes(selections: Sequence[Selection]) -> dict[str, int]:
    """The number of each note, in the order in which they are met; a text used twice has one."""
    texts: dict[str, int] = {}
    for selection in selections:
        table = selection.table
        # A table without rows is a sentence: it has no headers to point to notes.
        columns = table.columns if selection.rows else []
        for text in [*table.notes, *(column.note for column in columns if column.note)]:
            texts.setdefault(text, len(texts) + 1)
    return texts


def table_title(edition: Edition, table: TableDefinition) -> str:
    """The title of a table in this release, without marks of notes."""
    return f"Table {table.number}: {table.title}, {edition.facts.period.label}"


def spell_period(edition: Edition) -> str:
    """The period in words: `April to June 2022 (2022-23 Q1)`."""
    period = edition.facts.period
    first, last = period.first_day, period.end - timedelta(days=1)
    start = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
    return f"{start} to {last:%B %Y} ({period.label})"


def spell_day(day: date) -> str:
    """`11 July 2022`, and the time in UTC where there is one."""
    text = f"{day.day} {day:%B %Y}"
    return f"{text}, {day:%H:%M} UTC" if isinstance(day, datetime) else text


def cover_sheet(edition: Edition) -> WorkbookSheet:
    """The cover: what this is, for when, how sure, as of when, and how to check it."""
    facts = edition.facts
    status = f"{edition.status.capitalize()}. This is revision {edition.revision}"
    status += (
        "; what changed since the revision before, and why, is listed in changes.csv."
        if edition.revision > 1
        else ", the first."
    )
    lines = [
        *_publisher_lines(edition),
        Line("What this is", heading=True),
        Line(
            "The tables of social value figures for the period: what was spent and where, the"
            " indicators with how they were worked out, and how complete and sound the returns"
            " behind them are."
        ),
        Line("See the contents of this workbook", link=CONTENTS),
        Line("Period", heading=True),
        Line(spell_period(edition)),
        Line("Status and revision", heading=True),
        Line(status),
        Line("As of", heading=True),
        Line(
            f"The figures rest on the returns in force on {spell_day(facts.as_of)}."
            f" Returns that count: {len(facts.inputs)}."
        ),
    ]
    if edition.overrides:
        lines.append(Line("Published although something blocked it", heading=True))
        lines += [
            Line(f"{override.what}: overridden by {override.by}, because {override.because}")
            for override in edition.overrides
        ]
    lines += [
        Line("How to check it", heading=True),
        Line(
            "manifest.json, beside this workbook, lists every return, file and table that the"
            " release is made of, with its hash."
        ),
        Line(f"Ledger head: {facts.ledger_head}"),
        Line(f"Digest of the definitions: {facts.definitions_digest}"),
        Line("Other formats", heading=True),
        Line(
            "The folder tables holds each table as CSV with its description (CSVW)"
            f"{', and as Parquet' if 'parquet' in facts.formats else ''}."
            " site/index.html is the same as pages, with charts."
        ),
    ]
    return WorkbookSheet(COVER, edition.title, lines)


def _publisher_lines(edition: Edition) -> list[Line]:
    """Whose release it is, whom to ask, when the next one is due, and what one may do with it."""
    said: list[tuple[str, str]] = []
    if publisher := edition.facts.publisher:
        contact = publisher.contact
        said += [
            ("Publisher", publisher.name),
            ("Contact", f"{contact.name}, {contact.email}"),
            ("Licence", f"{publisher.licence.name}, {publisher.licence.url}"),
        ]
    if edition.next_due:
        said.append(("Next release", spell_day(edition.next_due)))
    return [line for head, text in said for line in (Line(head, heading=True), Line(text))]


def contents_sheet(selections: Sequence[Selection], back: Sequence[WorkbookSheet]) -> WorkbookSheet:
    """The contents: a link to every other worksheet, `back` (the ones before the tables) first."""
    rows = [
        [SheetValue(sheet.name, link=sheet.name), SheetValue(sheet.title), _count(sheet)]
        for sheet in back
    ]
    for selection in selections:
        table = selection.table
        rows.append(
            [
                SheetValue(table.sheet, link=table.sheet),
                SheetValue(f"Table {table.number}: {table.title}"),
                SheetValue(len(selection.rows), "#,##0"),
            ]
        )
    listed = SheetTable(
        "contents", ["Worksheet", "What it holds", "Rows"], rows, [28, 60, 9], [False, False, True]
    )
    lines = [Line("This worksheet contains one table. Each name in it leads to that worksheet.")]
    return WorkbookSheet(CONTENTS, "Contents", lines, listed)


def points_sheet(
    edition: Edition, selections: Sequence[Selection], sections: Sequence[RenderedSection]
) -> WorkbookSheet:
    """What the release says in words, each sentence with the tables it is made of."""
    numbers = {one.table.name: one.table.number for one in selections}
    lines = [BACK]
    for section in sections:
        lines.append(Line(section.title, heading=True))
        points = [text_of(one) + _tables_of(one, numbers) for one in sentences_of(section)]
        lines += [Line(text) for text in points or [section.if_none]]
    return WorkbookSheet(POINTS, f"Main points, {edition.facts.period.label}", lines)


def _tables_of(text: RenderedSentence, numbers: dict[str, int]) -> str:
    named = sorted({numbers[table] for table, _ in sources_of(text)})
    if not named:
        return ""
    return f" ({'table' if len(named) == 1 else 'tables'} {', '.join(map(str, named))})"


def _count(sheet: WorkbookSheet) -> SheetValue:
    return SheetValue(len(sheet.table.rows), "#,##0") if sheet.table else SheetValue("text")


def notes_sheet(numbers: dict[str, int]) -> WorkbookSheet:
    """The notes, by their numbers."""
    rows = [[SheetValue(f"[note {number}]"), SheetValue(text)] for text, number in numbers.items()]
    table = SheetTable("notes", ["Note", "What it says"], rows, [14, 110], [False, False])
    return WorkbookSheet(
        NOTES, "Notes to the tables", [Line("This worksheet contains one table."), BACK], table
    )


def shorthand_sheet(selections: Sequence[Selection]) -> WorkbookSheet:
    """The symbols that stand in cells, and what each means."""
    rows = [[SheetValue(symbol), SheetValue(meaning)] for symbol, meaning in MEANINGS.items()]
    table = SheetTable("shorthand", ["Shorthand", "What it means"], rows, [14, 110], [False, False])
    symbols = {symbol for one in selections for symbol in one.symbols}
    line = "This worksheet contains one table. No cell of a table is left empty."
    if not symbols:
        line += " None of these is needed in this release."
    return WorkbookSheet(SHORTHAND, "Shorthand used in the tables", [Line(line), BACK], table)


def columns_sheet(tables: Sequence[TableDefinition]) -> WorkbookSheet:
    """What every column of every table means."""
    rows = [
        [
            SheetValue(f"Table {table.number}"),
            SheetValue(column.label),
            SheetValue(column.name),
            SheetValue("named in each row" if column.unit_in else column.unit or "none"),
            SheetValue(column.meaning),
        ]
        for table in tables
        for column in table.columns
    ]
    headers = ["Table", "Column", "Name in CSV and Parquet", "Unit", "What it means"]
    marked = SheetTable("columns", headers, rows, [11, 32, 28, 20, 80], [False] * 5)
    lines = [Line("This worksheet contains one table."), BACK]
    return WorkbookSheet(COLUMNS, "What each column of the tables means", lines, marked)
