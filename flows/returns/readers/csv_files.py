"""CSV into the scratch database as text, each row with its number in the file.

DuckDB reads the file itself where it is regular. Where it is not (ragged rows, blank lines, a
quote that never closes) a patient reader in Python takes over; both give the same rows, and a
property test holds them to that.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import duckdb

from flows.common.errors import Rejected
from flows.returns.contract import Table
from flows.returns.file import File, Text
from flows.returns.header import LOOK_DOWN, Header, is_header, match, words_of
from flows.returns.layout import plain
from flows.returns.regions import first_header, read_regions
from flows.returns.rows import Aside, RawRows, make_raw_rows, text_columns

DELIMITERS = ",;\t|"
QUOTE_SPANS = 40  # a quoted cell of more lines than this may be a quote that never closes
LONGEST_CELL = 2_000  # lines
MOST_LETTERS = 16_000_000  # of a cell
MOST_COLUMNS = 1_000  # each costs DuckDB more than the one before: 20,000 take it minutes


@dataclass(frozen=True)
class Record:
    """One row of the file: its cells, and the number of lines read when it ended.

    `unruly`: its quotes were not in order.
    """

    cells: list[str]
    lines: int
    unruly: bool = False


def read_csv(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    text: Text,
    table: Table,
    sender: str,
    on: date,
) -> RawRows:
    """The file's rows as table `raw_rows` of the scratch database, and the headers above them.

    Raises Rejected where no header is found or the text cannot be split into rows.
    """
    delimiter, head, header = _look(file, text, table, sender, on)
    make_raw_rows(connection, table)
    if (
        header is not None
        and _is_regular(text, head, header)
        and _read_with_duckdb(
            connection, text.path, delimiter, header, head[header.row - 1].lines, table.money
        )
    ):
        if not _has_another_header(connection, table):
            above = [
                Aside("", number, "title" if any(c.strip() for c in record.cells) else "blank")
                for number, record in enumerate(head[: header.row - 1], start=1)
            ]
            return RawRows([header], above, text.encoding, "duckdb")
        make_raw_rows(connection, table)

    width = len(header.names) if header else max(len(record.cells) for record in head)

    def rows() -> Iterator[list[str]]:
        return (record.cells for record in _records(text.path, delimiter, width))

    top = first_header("", rows, table, sender, on, file.name)
    headers, aside = read_regions(connection, rows, table, sender, on, top)
    return RawRows(headers, aside, text.encoding, "python")


def first_rows(file: File, text: Text, table: Table, sender: str, on: date) -> list[list[str]]:
    """The file's first rows, split as its header, or else most of them, would have it.

    Raises Rejected where there are none.
    """
    _, head, _ = _look(file, text, table, sender, on)
    return [record.cells for record in head]


def _look(
    file: File, text: Text, table: Table, sender: str, on: date
) -> tuple[str, list[Record], Header | None]:
    """The delimiter under which the best header is found, the first rows, and that header.

    Without a header in the first rows: the delimiter that splits them most, as the header may
    stand lower down.
    """
    best: tuple[str, list[Record], Header] | None = None
    widest: tuple[int, str, list[Record]] = (0, DELIMITERS[0], [])
    words = words_of(table)
    for delimiter in DELIMITERS:
        head = list(islice(_records(text.path, delimiter), LOOK_DOWN))
        width = max((len(record.cells) for record in head), default=0)
        if width > widest[0]:
            widest = (width, delimiter, head)
        if width > MOST_COLUMNS:
            continue
        found = [
            match(record.cells, table, sender, on, number)
            for number, record in enumerate(head, start=1)
            if any(plain(cell) in words for cell in record.cells)  # most rows are none
        ]
        whole = [header for header in found if header.is_whole(table)]
        if whole:
            header = max(whole, key=lambda one: (len(one.columns), -one.row))
            if best is None or len(header.columns) > len(best[2].columns):
                best = (delimiter, head, header)
    if best is None:
        if not widest[2]:
            raise Rejected("read", f"{file.name} holds no rows: send it again.")
        if widest[0] > MOST_COLUMNS:
            raise Rejected(
                "read",
                f"{file.name} has {widest[0]:,} columns, and {MOST_COLUMNS:,} are read at most: "
                "send the table's own columns alone.",
            )
        return widest[1], widest[2], None
    return best


def _is_regular(text: Text, head: list[Record], header: Header) -> bool:
    """Whether DuckDB can be trusted with the file, as far as its first rows tell."""
    above = head[: header.row]
    # DuckDB skips records, not lines, and a stray quote would make it skip the whole file.
    ruly = above[-1].lines == header.row and not any(record.unruly for record in above)
    width = max(len(record.cells) for record in head)
    return ruly and not text.has_blank_lines and width == len(header.names)


def _has_another_header(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether a header stands among the rows: it has words, or nothing, where rows have sums."""
    if table.money is None:
        return False
    words = {plain(word) for column in table.columns for word in [column.name, *column.aliases]}
    names = [table.money, *(c.name for c in table.columns if c.name != table.money)]
    listed = ", ".join(f'"{name}"' for name in names)
    wordy = connection.execute(
        f"select distinct {listed} from raw_rows where not _blank "
        f"and not coalesce(regexp_matches(\"{table.money}\", '[0-9]'), false) limit 1000"
    ).fetchall()
    cells = [[str(cell or "") for cell in row] for row in wordy]
    return any((row[0] and plain(row[0]) in words) or is_header(row, table) for row in cells)


def _read_with_duckdb(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    delimiter: str,
    header: Header,
    lines_above: int,
    money: str | None,
) -> bool:
    """Whether DuckDB could read the rows; it is strict, so what it reads is what is there."""
    cells = [f"c{place}" for place in range(len(header.names))]
    declared = ", ".join(f"'{cell}': 'VARCHAR'" for cell in cells)
    swallows = " or ".join(
        f"(strlen({cell}) > {QUOTE_SPANS} "
        f"and length({cell}) - length(replace({cell}, chr(10), '')) > {QUOTE_SPANS})"
        for cell in cells
    )
    try:
        connection.execute(
            f"""
            insert into raw_rows by name
            select '' as _sheet, {header.row} + row_number() over () as _row,
                   {text_columns(header, cells, money)}
            from read_csv($path, auto_detect = false, header = false, skip = {lines_above},
                          delim = $delimiter, quote = '"', escape = '"', strict_mode = true,
                          columns = {{{declared}}})
            where case when {swallows} then error('a quote that never closes') else true end
            """,
            {"path": str(path), "delimiter": delimiter},
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    return True


def _records(path: Path, delimiter: str, width: int = 0) -> Iterator[Record]:
    """Row by row, whatever the quotes do: one that never closes is a character like others.

    `width`: how many cells a row has, where that is known; only then may a cell be very long.
    """
    spans = LONGEST_CELL if width else QUOTE_SPANS
    csv.field_size_limit(MOST_LETTERS)
    with path.open(encoding="utf-8", errors="replace", newline="\n") as stream:
        ahead: deque[str] = deque()
        read = 0
        while True:
            lines: list[str] = []
            try:
                following = _taking(lines, ahead, stream, spans)
                cells = next(csv.reader(following, delimiter=delimiter, strict=True), None)
                unruly = False
                if cells and len(lines) > QUOTE_SPANS and not _is_a_row(cells, delimiter, width):
                    raise csv.Error("a quote that never closes")
            except csv.Error:
                cells, unruly = _unruly(lines[0], delimiter), True
                ahead.extendleft(reversed(lines[1:]))
                del lines[1:]
            if cells is None:
                return
            read += len(lines)
            yield Record(cells, read, unruly)


def _is_a_row(cells: list[str], delimiter: str, width: int) -> bool:
    """Whether the cells are a row with a long text in it, and not rows that a quote swallowed."""
    inner = max(cells, key=len).splitlines()
    like_rows = sum(line.count(delimiter) >= width - 1 for line in inner)
    return width - 1 <= len(cells) <= width and like_rows * 2 < len(inner)


def _taking(lines: list[str], ahead: deque[str], stream: Iterator[str], most: int) -> Iterator[str]:
    """The lines to come, those read ahead first, each put down in `lines` as it is taken."""
    while len(lines) <= most:
        line = ahead.popleft() if ahead else next(stream, None)
        if line is None:
            return
        lines.append(line)
        yield line


def _unruly(line: str, delimiter: str) -> list[str]:
    """The cells of a line whose quotes are not in order."""
    line = line.rstrip("\r\n").replace("\r", " ")
    if line.count('"') % 2:
        return [cell.strip('"') for cell in line.split(delimiter)]
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        raise Rejected(
            "read",
            f"A cell has more than {MOST_LETTERS:,} letters, which no table has: save the file "
            "again and send it.",
        ) from None
