"""`ingest --explain`: what was seen in a file, column by column, and what would become of it.

Nothing is kept. It reads as far as it can, and says why it went no further.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby

import duckdb

from flows.authority.places import places_in_use
from flows.common import clock
from flows.common.errors import Rejected
from flows.common.periods import Period, read_period
from flows.common.seeds import load_seeds
from flows.common.settings import Settings
from flows.intake.rules import Rules
from flows.intake.stages import Tables, date_tables, read, type_tables
from flows.intake.submission import Submission
from flows.intake.take_in import identify
from flows.returns.contract import Contract, Table
from flows.returns.convert import load_macros
from flows.returns.file import look_at
from flows.returns.header import Header
from flows.returns.layout import plain
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.workspace import workspace
from flows.warehouse.connection import open_scratch

MOST_CELLS = 20  # of a column that are listed


@dataclass(frozen=True)
class SeenColumn:
    """A column of the file, counted from 1, the contract's column it is, and why."""

    place: int
    header: str
    column: str
    why: str


@dataclass(frozen=True)
class SeenHeader:
    """A row that was taken for a header, and what its columns are; `sheet` is '' in a CSV."""

    table: str
    sheet: str
    row: int
    layout: str
    columns: list[SeenColumn]
    left_out: list[str]
    not_found: list[str]


@dataclass(frozen=True)
class UnreadCell:
    """A cell that holds text and no value; `value` is None where it is personal."""

    sheet: str
    row: int
    value: str | None


@dataclass(frozen=True)
class UnreadColumn:
    """The cells of a column that do not read: how many, the first of them, and what follows."""

    column: str
    cells: int
    what_happens: str
    first: list[UnreadCell]


@dataclass
class Explanation:
    """What was seen in a file; `refused` says why it cannot be taken, where it cannot."""

    file: str
    return_name: str
    sender: str | None = None
    reader: str | None = None
    encoding: str | None = None
    headers: list[SeenHeader] = field(default_factory=list)
    sheets_left_out: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)
    unreadable: list[UnreadColumn] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    note: str | None = None
    refused: str | None = None

    def as_json(self) -> dict[str, object]:
        """The explanation as one JSON object."""
        found = asdict(self)
        found["return"] = found.pop("return_name")
        return found


def explain(submission: Submission, rules: Rules, settings: Settings) -> Explanation:
    """Read the file as `take_in` would, keep nothing, and say what was seen."""
    contract = rules.contracts[submission.return_name]
    found = Explanation(submission.file_name, submission.return_name)
    try:
        file = look_at(submission.path, submission.file_name, settings.largest_file_mb)
        owner, no_owner = identify(submission, contract)
        found.sender = owner.sender or None
        found.note = no_owner.reason if no_owner else None
        with (
            open_scratch(settings, may_spill=not contract.has_personal) as connection,
            WorkbookReader() as reader,
        ):
            load_macros(connection)
            load_seeds(connection, contract.seeds, places_in_use(settings).seeds)
            tables = read(connection, file, contract, owner, clock.now().date(), settings, reader)
            _see(found, tables, contract)
            type_tables(connection, contract, tables, owner, file)
            found.rows = _kinds(connection, tables)
            found.unreadable = _unreadable(connection, tables, contract)
            found.periods = date_tables(connection, contract, tables, owner, file).periods
    except Rejected as rejected:
        found.refused = rejected.reason
    return found


def _see(found: Explanation, tables: Tables, contract: Contract) -> None:
    own = tables[contract.return_name]
    found.reader, found.encoding = own.how, own.encoding
    found.headers = [
        _header(header, name, contract.tables[name])
        for name, raw in tables.items()
        for header in raw.headers
    ]
    found.sheets_left_out = own.left_out
    found.aside = dict(
        sorted(Counter(aside.why for raw in tables.values() for aside in raw.aside).items())
    )


def _header(header: Header, name: str, table: Table) -> SeenHeader:
    by_place = sorted(header.columns.items(), key=lambda pair: pair[1])
    return SeenHeader(
        table=name,
        sheet=header.sheet,
        row=header.row,
        layout=header.layout,
        columns=[
            SeenColumn(place + 1, header.names[place], column, _why(header, column, place, table))
            for column, place in by_place
        ],
        left_out=list(header.unknown),
        not_found=[one.name for one in table.columns if one.name not in header.columns],
    )


def _why(header: Header, name: str, place: int, table: Table) -> str:
    heading = plain(header.names[place])
    if heading == plain(name):
        return "the contract's own name"
    aliases = [plain(alias) for alias in table.column(name).aliases]
    if heading in aliases:
        return f"alias {aliases.index(heading) + 1} of the contract"
    return f"layout {header.layout}"


def _kinds(connection: duckdb.DuckDBPyConnection, tables: Tables) -> dict[str, int]:
    parts = " union all ".join(f'select _kind from "{name}".typed_rows' for name in tables)
    rows = connection.execute(
        f"select _kind, count(*) from ({parts}) group by _kind order by _kind"
    ).fetchall()
    return {str(kind): int(count) for kind, count in rows}


def _unreadable(
    connection: duckdb.DuckDBPyConnection, tables: Tables, contract: Contract
) -> list[UnreadColumn]:
    found: list[UnreadColumn] = []
    for name in tables:
        with workspace(connection, name) as inside:
            counted = inside.execute(
                'select "column", if_unreadable, count(*) from unread_cells '
                "group by all order by 1, 2"
            ).fetchall()
            found += [
                UnreadColumn(
                    column=str(column),
                    cells=int(cells),
                    what_happens="the rows are quarantined"
                    if then == "quarantine"
                    else "left blank",
                    first=_first_cells(
                        inside, str(column), column in contract.tables[name].personal
                    ),
                )
                for column, then, cells in counted
            ]
    return found


def _first_cells(
    connection: duckdb.DuckDBPyConnection, column: str, personal: bool
) -> list[UnreadCell]:
    rows = connection.execute(
        'select _sheet, _row, text from unread_cells where "column" = ? '
        f"order by _sheet, _row limit {MOST_CELLS}",
        [column],
    ).fetchall()
    return [UnreadCell(sheet, int(row), None if personal else text) for sheet, row, text in rows]


ROW_KINDS = {
    "row": "to take",
    "blank": "blank",
    "note": "of notes",
    "totals": "of totals",
    "header": "of headers",
    "title": "of titles",
    "other sheet": "on sheets left out",
}
CELLS_LISTED = 3


def as_lines(found: Explanation) -> list[str]:
    """What was seen, a thought a line: headers and their columns, rows, bad cells, periods."""
    lines = [f"{found.file} as {found.return_name} of {found.sender or 'nobody named'}"]
    alike = groupby(found.headers, key=lambda h: (h.table, h.row, h.layout, h.columns, h.left_out))
    for _, headers in alike:
        lines += _header_explained(list(headers))
    if found.sheets_left_out:
        lines.append(f"  Sheets left out, which have no header: {', '.join(found.sheets_left_out)}")
    if found.rows:
        lines.append(f"  Rows: {_counted(found.rows)}")
    if found.aside:
        lines.append(f"  Rows besides: {_counted(found.aside)}")
    lines += [_unread(one) for one in found.unreadable]
    if found.periods:
        lines.append(f"  For: {spans([read_period(label) for label in found.periods])}")
    if found.note:
        lines.append(f"  Note: {found.note}")
    if found.refused:
        lines.append(f"  Refused: {found.refused}")
    return lines


def _header_explained(headers: Sequence[SeenHeader]) -> Iterator[str]:
    first = headers[0]
    sheets = [header.sheet for header in headers if header.sheet]
    where = f"Header in row {first.row}"
    if sheets:
        several = "sheets" if len(sheets) > 1 else "sheet"
        where += f" of {several} {', '.join(sheets)}"
    yield f"  {where}, read by the {first.layout} layout:"
    width = max((len(_quoted(one.header)) for one in first.columns), default=0)
    for one in first.columns:
        heading = _quoted(one.header).ljust(width)
        yield f"    column {one.place:>2}  {heading}  is {one.column} ({one.why})"
    if first.left_out:
        yield f"    left out: {', '.join(_quoted(name) for name in first.left_out)}"


def _quoted(header: str) -> str:
    return f'"{" ".join(header.split())}"'


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {ROW_KINDS.get(kind, kind)}" for kind, count in counts.items())


def _unread(one: UnreadColumn) -> str:
    cells = [
        f"row {cell.row}"
        + (f" of {cell.sheet}" if cell.sheet else "")
        + (f' "{cell.value}"' if cell.value is not None else "")
        for cell in one.first[:CELLS_LISTED]
    ]
    more = one.cells - len(cells)
    listed = ", ".join(cells) + (f" and {more:,} more" if more else "")
    word = "cell does" if one.cells == 1 else "cells do"
    return f"  {one.column}: {one.cells:,} {word} not read, {one.what_happens}: {listed}"


def spans(periods: Sequence[Period]) -> str:
    """Periods in words, those that follow each other as one span: `2022-04 to 2022-11, 2023-01`."""
    found: list[list[Period]] = []
    for period in sorted(periods):
        if found and found[-1][-1].end == period.first_day:
            found[-1].append(period)
        else:
            found.append([period])
    return ", ".join(
        run[0].label if len(run) == 1 else f"{run[0].label} to {run[-1].label}" for run in found
    )
