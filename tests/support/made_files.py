"""A plain reading of the demo's files, by other means than the demo's own, for its tests."""

import csv
import io
from functools import cache

import openpyxl

from flows.demo.made.authority.delivery import Sending

Cells = list[object]


@cache
def _sheets(content: bytes) -> dict[str, list[Cells]]:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def sheets_of(sending: Sending) -> dict[str, list[Cells]]:
    """The rows of each sheet; of a CSV file, those of the sheet ''."""
    content = sending.delivery.content
    if sending.delivery.file_name.endswith(".xlsx"):
        return _sheets(content)
    text = content.decode("utf-8-sig")
    return {"": [list(row) for row in csv.reader(io.StringIO(text, newline=""))]}


def cell_texts(sending: Sending, sheet: str, row: int) -> list[str]:
    """The texts of a row's cells, the first row being 1."""
    return [str(cell) for cell in sheets_of(sending)[sheet][row - 1] if cell is not None]


def column(rows: list[Cells], header: str, below: int = 1) -> list[object]:
    """The cells of a column whose header stands in row `below`."""
    at = rows[below - 1].index(header)
    return [row[at] for row in rows[below:]]
