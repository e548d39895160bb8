"""How a published cell reads on a page and in a sentence."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from exports.definitions.table import CONFIDENTIAL, LOW, ColumnDefinition
from exports.figures.cell import Cell
from flows.common.periods import PeriodError, read_period

SPOKEN = {
    "[x]": "not available",
    "[z]": "not applicable",
    CONFIDENTIAL: "hidden",
    LOW: "almost none",
}
_DIGIT = re.compile(r"\d")  # a number of a vendor or a table is no name
_AFTER = {"per cent": "%"}
_BEFORE = {"GBP": "£", "GBP for each GBP": "£"}


def plain(cell: Cell, column: ColumnDefinition) -> str:
    """The cell in a table, where the header has the unit: `1,234.50`, `5 May 2022`, `[x]`."""
    value = cell.value
    if cell.symbol is not None or isinstance(value, bool):
        return cell.text
    if isinstance(value, str):
        return _text(value, column)
    if isinstance(value, datetime):
        return f"{_day(value)}, {value:%H:%M}"
    if isinstance(value, date):
        return _day(value)
    return f"{value:,}" if isinstance(value, (int, Decimal)) else cell.text


def unit_of(column: ColumnDefinition, row: Mapping[str, Cell]) -> str:
    """The unit of a cell, which its column has or another column of its row names."""
    if column.unit_in and column.unit_in in row:
        return row[column.unit_in].text
    return column.unit or ""


def with_unit(cell: Cell, column: ColumnDefinition, row: Mapping[str, Cell]) -> str:
    """The cell in a sentence, where nothing else says the unit: `£1,234.50`, `54.3%`, `3 days`."""
    if cell.symbol is not None:
        return SPOKEN[cell.symbol]
    text, unit = plain(cell, column), unit_of(column, row)
    if not unit or isinstance(cell.value, (str, bool)):
        return text
    if unit in _BEFORE:
        priced = f"-{_BEFORE[unit]}{text[1:]}" if text.startswith("-") else _BEFORE[unit] + text
        return f"{priced} for each pound" if unit.endswith("each GBP") else priced
    if unit in _AFTER:
        return text + _AFTER[unit]
    return f"{text} {unit.removesuffix('s') if cell.value == 1 else unit}"


def _text(value: str, column: ColumnDefinition) -> str:
    if column.reads_as == "month":
        return _month(value)
    if column.reads_as == "words" and value not in column.reads and not _DIGIT.search(value):
        return value[:1].upper() + value[1:].replace("_", " ").replace("-", " ")
    return column.reads.get(value, value)


def _month(text: str) -> str:
    try:
        period = read_period(text)
    except PeriodError:
        return text
    return f"{period.first_day:%B %Y}" if period.kind == "month" else text


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
