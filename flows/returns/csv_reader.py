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

from flows.returns.contract import Contract
from flows.returns.file import File, Text
from flows.returns.header import LOOK_DOWN, Header, find_header
from flows.returns.rejection import Rejected
from flows.returns.rows import RawRows, insert_rows, text_columns

DELIMITERS = ",;\t|"
QUOTE_SPANS = 40  # a quoted cell of more lines than this is a quote that never closes


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
    contract: Contract,
    sender: str,
    on: date,
) -> RawRows:
    """The file's rows as table `raw_rows` of the scratch database, and the header they stand under.

    Raises Rejected where no header is found or the text cannot be split into rows.
    """
    delimiter, head, header = _look(file, text, contract, sender, on)
    width = max(len(record.cells) for record in head)
    above = [
        (number, record.cells) for number, record in enumerate(head[: header.row - 1], start=1)
    ]
    lines_above = head[header.row - 1].lines
    # DuckDB skips records, not lines, and a stray quote would make it skip the whole file.
    ruly_above = lines_above == header.row and not any(r.unruly for r in head[: header.row])
    regular = not text.has_blank_lines and width == len(header.names) and ruly_above
    if regular and _read_with_duckdb(connection, text.path, delimiter, header, lines_above):
        how = "duckdb"
    else:
        below = islice(_records(text.path, delimiter), header.row, None)
        rows = (record.cells for record in below)
        insert_rows(connection, "", rows, header, header.row + 1)
        how = "python"
    return RawRows(header=header, above=above, encoding=text.encoding, how=how)


def _look(
    file: File, text: Text, contract: Contract, sender: str, on: date
) -> tuple[str, list[Record], Header]:
    """The delimiter under which the best header is found, the first rows, and that header."""
    best: tuple[str, list[Record], Header] | None = None
    refusal, widest = Rejected("read", f"{file.name} holds no rows: send it again."), 0
    for delimiter in DELIMITERS:
        head = list(islice(_records(text.path, delimiter), LOOK_DOWN))
        try:
            header = find_header([r.cells for r in head], contract, sender, on, file.name)
        except Rejected as rejected:
            width = max((len(record.cells) for record in head), default=0)
            if width > widest:  # the delimiter that splits most is the file's own
                refusal, widest = rejected, width
            continue
        if best is None or len(header.columns) > len(best[2].columns):
            best = (delimiter, head, header)
    if best is None:
        raise refusal
    return best


def _read_with_duckdb(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    delimiter: str,
    header: Header,
    lines_above: int,
) -> bool:
    """Whether DuckDB could read the rows; it is strict, so what it reads is what is there."""
    cells = [f"c{place}" for place in range(len(header.names))]
    declared = ", ".join(f"'{cell}': 'VARCHAR'" for cell in cells)
    swallows = " or ".join(
        f"(length({cell}) > {QUOTE_SPANS} "
        f"and length({cell}) - length(replace({cell}, chr(10), '')) > {QUOTE_SPANS})"
        for cell in cells
    )
    try:
        connection.execute(
            f"""
            create or replace table raw_rows as
            select '' as _sheet, {header.row} + row_number() over () as _row,
                   {text_columns(header, cells)}
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


def _records(path: Path, delimiter: str) -> Iterator[Record]:
    """Row by row, whatever the quotes do: one that never closes is taken as the character itself."""
    csv.field_size_limit(1 << 24)
    with path.open(encoding="utf-8", errors="replace", newline="\n") as stream:
        ahead: deque[str] = deque()
        read = 0
        while True:
            lines: list[str] = []
            try:
                following = _taking(lines, ahead, stream)
                cells = next(csv.reader(following, delimiter=delimiter, strict=True), None)
                unruly = False
            except csv.Error:
                cells, unruly = _unruly(lines[0], delimiter), True
                ahead.extendleft(reversed(lines[1:]))
                del lines[1:]
            if cells is None:
                return
            read += len(lines)
            yield Record(cells, read, unruly)


def _taking(lines: list[str], ahead: deque[str], stream: Iterator[str]) -> Iterator[str]:
    """The lines to come, those read ahead first, each put down in `lines` as it is taken."""
    while len(lines) <= QUOTE_SPANS:
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
    return next(csv.reader([line], delimiter=delimiter), [])
