"""A sheet's rows, each under the header it stands below.

A sheet may have titles above its header, a second header lower down with other columns, or its
only header at the foot.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

import duckdb

from flows.returns.contract import Contract
from flows.returns.header import LOOK_DOWN, Header, find_header, is_header, match
from flows.returns.rejection import Rejected
from flows.returns.rows import Aside, insert_rows

Rows = Callable[[], Iterator[Sequence[str]]]


def read_regions(
    connection: duckdb.DuckDBPyConnection,
    sheet: str,
    rows: Rows,
    contract: Contract,
    sender: str,
    on: date,
    where: str,
) -> tuple[list[Header], list[Aside]]:
    """Add the sheet's rows to `raw_rows`; its headers, and the rows that are none of the return's.

    `rows` gives the sheet's rows from the first, each time it is called. Raises Rejected where no
    row of the sheet is a header.
    """
    first, above = _first_header(sheet, rows, contract, sender, on, where)
    headers, aside = [first], list(above)
    numbered = enumerate(rows(), start=1)
    start = 1 if first.row > LOOK_DOWN else first.row + 1
    region = islice(numbered, start - 1, None)
    following: Header | None = first
    while following is not None:
        header, found = following, _Found()
        insert_rows(connection, _until_header(region, contract, header, found), header)
        following = None
        if found.row:
            aside.append(Aside(sheet, found.row, "header"))
            again = match(found.cells, contract, sender, on, found.row, sheet)
            following = again if again.is_whole(contract) else header
            if again.is_whole(contract) and again.names != header.names:
                headers.append(again)
    return headers, aside


class _Found:
    """The header that ended a region."""

    def __init__(self) -> None:
        self.row = 0
        self.cells: Sequence[str] = []


def _until_header(
    numbered: Iterator[tuple[int, Sequence[str]]], contract: Contract, header: Header, found: _Found
) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows up to the next header, which goes into `found`."""
    telling = header.columns.get(contract.money or "", 0)
    for number, cells in numbered:
        cell = cells[telling] if telling < len(cells) else ""
        # A header has words, or nothing, where a row has its sum.
        if not any(c.isdigit() for c in cell) and is_header(cells, contract):
            found.row, found.cells = number, cells
            return
        yield number, cells


def _first_header(
    sheet: str, rows: Rows, contract: Contract, sender: str, on: date, where: str
) -> tuple[Header, list[Aside]]:
    """The first header, with what stands above it; one at the foot has its rows above it."""
    head = list(islice(rows(), LOOK_DOWN))
    try:
        header = find_header(head, contract, sender, on, where, sheet)
    except Rejected:
        for number, cells in enumerate(rows(), start=1):
            if number > LOOK_DOWN and is_header(cells, contract):
                header = match(cells, contract, sender, on, number, sheet)
                if header.is_whole(contract):
                    return replace(header, row=number), []
        raise
    above = [
        Aside(sheet, number, "title" if any(cell.strip() for cell in cells) else "blank")
        for number, cells in enumerate(head[: header.row - 1], start=1)
    ]
    return header, above
