"""A sheet's rows, each under the header it stands below.

A sheet may have titles above its header, a second header lower down with other columns, or its
only header at the foot.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import duckdb

from flows.common.errors import Rejected
from flows.returns.contract import Table
from flows.returns.header import LOOK_DOWN, Header, find_header, is_header, match, missing
from flows.returns.rows import Aside, insert_rows

DIGIT = re.compile(r"\d")
Rows = Callable[[], Iterator[Sequence[str]]]


@dataclass(frozen=True)
class Top:
    """A sheet's first header, and the rows above it."""

    header: Header
    above: list[Aside]


def first_header(sheet: str, rows: Rows, table: Table, sender: str, on: date, where: str) -> Top:
    """The sheet's first header, with what stands above it; one at the foot has its rows above it.

    Raises Rejected where no row of the sheet is a header of the table's.
    """
    head = list(islice(rows(), LOOK_DOWN))
    try:
        header = find_header(head, table, sender, on, where, sheet)
    except Rejected:
        for number, cells in enumerate(rows(), start=1):
            if number > LOOK_DOWN and is_header(cells, table):
                header = match(cells, table, sender, on, number, sheet)
                if header.is_whole(table):
                    return Top(header, [])
        raise
    above = [
        Aside(sheet, number, "title" if any(cell.strip() for cell in cells) else "blank")
        for number, cells in enumerate(head[: header.row - 1], start=1)
    ]
    return Top(header, above)


def read_regions(
    connection: duckdb.DuckDBPyConnection,
    rows: Rows,
    table: Table,
    sender: str,
    on: date,
    top: Top,
) -> tuple[list[Header], list[Aside]]:
    """Add the sheet's rows to `raw_rows`; its headers, and the rows that are none of the table's.

    `rows` gives the sheet's rows from the first, each time it is called; `top` is its first header.
    Raises Rejected where a further header lacks a required column.
    """
    first, aside = top.header, list(top.above)
    sheet = first.sheet
    numbered = enumerate(rows(), start=1)
    start = 1 if first.row > LOOK_DOWN else first.row + 1
    headers = [first]
    region = islice(numbered, start - 1, None)
    following: Header | None = first
    while following is not None:
        header, found = following, _Found()
        insert_rows(connection, _until_header(region, table, header, found), header, table.money)
        following = None
        if found.row:
            aside.append(Aside(sheet, found.row, "header"))
            again = match(found.cells, table, sender, on, found.row, sheet)
            lacking = [name for name in missing(again, table) if name not in header.lacks]
            if lacking and again.names != header.names:
                raise Rejected(
                    "match",
                    f"{f'sheet {sheet}, ' if sheet else ''}row {found.row} is a further header and "
                    f"has no column for {' or '.join(lacking)}: rename the column, or take out "
                    "what is no part of the table.",
                )
            following = again if again.is_whole(table) else header
            if again.is_whole(table) and again.names != header.names:
                headers.append(again)
    return headers, aside


class _Found:
    """The header that ended a region."""

    def __init__(self) -> None:
        self.row = 0
        self.cells: Sequence[str] = []


def _until_header(
    numbered: Iterator[tuple[int, Sequence[str]]], table: Table, header: Header, found: _Found
) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows up to the next header, which goes into `found`."""
    telling = header.columns.get(table.money or "", 0)
    for number, cells in numbered:
        cell = cells[telling] if telling < len(cells) else ""
        # A header has words, or nothing, where a row has its sum.
        if not DIGIT.search(cell) and is_header(cells, table):
            found.row, found.cells = number, cells
            return
        yield number, cells
