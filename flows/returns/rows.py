"""The rows of a return as text, before they are typed: table `raw_rows` of the scratch database.

Columns: `_sheet`, `_row` (its number in the file, from 1), the contract's columns that were found
(as text), `_blank` (nothing in any cell) and `_words` (all cells of a row that lacks the first
required columns: a total, a note).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import duckdb
import pyarrow as pa

from flows.returns.header import Header

BATCH = 20_000
WORDS = 300  # how much of a total or note is looked at


@dataclass(frozen=True)
class RawRows:
    """How the rows were read: the header, the rows above it, the encoding and the reader."""

    header: Header
    above: list[tuple[int, list[str]]]
    encoding: str
    how: str


def text_columns(header: Header, cells: Sequence[str]) -> str:
    """The select list of `raw_rows` after its row number, for cells of these names."""
    found = [f'{cells[place]} as "{name}"' for name, place in header.columns.items()]
    anything = ", ".join(f"nullif(trim({cell}), '')" for cell in cells)
    most_filled = [cells[place] for place in list(header.columns.values())[:2]]
    lacking = " or ".join(f"nullif(trim({cell}), '') is null" for cell in most_filled)
    return ", ".join(
        [
            *found,
            f"coalesce({anything}) is null as _blank",
            f"case when {lacking} then left(concat_ws(' ', {anything}), {WORDS}) end as _words",
        ]
    )


def insert_rows(
    connection: duckdb.DuckDBPyConnection,
    sheet: str,
    rows: Iterable[Sequence[str]],
    header: Header,
    first_row: int,
) -> None:
    """Add rows of text, the first of which has the number `first_row`, to `raw_rows`.

    Cells beyond the header's last are left out of the columns but count as not blank.
    """
    width = len(header.names) + 1  # the last cell gathers what stands beyond the header
    cells = [f"c{place}" for place in range(width)]
    fresh = True
    for batch in _batches(rows, width):
        frame = pa.Table.from_arrays(
            [pa.array(column, pa.string()) for column in batch], names=cells
        )
        connection.register("batch_of_rows", frame)
        select = f"""
            select '{sheet.replace("'", "''")}' as _sheet,
                   {first_row - 1} + row_number() over () as _row, {text_columns(header, cells)}
            from batch_of_rows
        """
        if fresh:
            connection.execute(f"create or replace table raw_rows as {select}")
        else:
            connection.execute(f"insert into raw_rows {select}")
        connection.unregister("batch_of_rows")
        first_row += frame.num_rows
        fresh = False
    if fresh:
        nothing = ", ".join(f"null::varchar as {cell}" for cell in cells)
        connection.execute(
            f"create or replace table raw_rows as select '' as _sheet, 0::bigint as _row, "
            f"{text_columns(header, cells)} from (select {nothing}) where false"
        )


def _batches(rows: Iterable[Sequence[str]], width: int) -> Iterator[list[list[str | None]]]:
    """Columns of up to BATCH rows each, every row padded to `width` cells."""
    source = iter(rows)
    while taken := list(islice(source, BATCH)):
        columns: list[list[str | None]] = [[] for _ in range(width)]
        for row in taken:
            for place in range(width - 1):
                columns[place].append(row[place] if place < len(row) else None)
            columns[-1].append(" ".join(row[width - 1 :]).strip() or None)
        yield columns
