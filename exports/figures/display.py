"""How a published cell reads on a page and in a sentence."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from exports.definitions.table import CONFIDENTIAL, LOW, ColumnDefinition
from exports.figures.cell import Cell, rounded
from flows.common.periods import PeriodError, read_period

SPOKEN = {
    "[x]": "not available",
    "[z]": "not applicable",
    CONFIDENTIAL: "hidden",
    LOW: "almost none",
}
_NUMBER = re.compile(r"\d")  # a number of a vendor or a table is no name
_SLUG = re.compile(r"[a-z]+(_[a-z0-9]+)+")  # and a name may have numbers: share_is_from_0_to_1
_AFTER = {"per cent": "%"}
_BEFORE = {"GBP": "£", "GBP for each GBP": "£"}
_THOUSAND, _MILLION = Decimal(1000), Decimal(1_000_000)
_PENCE = Decimal(100)  # from so many pounds on pence tell nothing
# From how much on money is said in which word: what would round to 1,000.0 million is a billion.
_LARGE = (
    (Decimal(999_950_000), 1000 * _MILLION, "billion"),
    (Decimal(999_500), _MILLION, "million"),
)


def plain(cell: Cell, column: ColumnDefinition) -> str:
    """The cell in a table, where the header has the unit: `1,234.50`, `5 May 2022`, `[x]`."""
    value = cell.value
    if cell.symbol is not None or isinstance(value, bool):
        return cell.text
    if isinstance(value, str):
        return _text(value, column)
    if isinstance(value, datetime):
        return f"{spell_date(value)}, {value:%H:%M}"
    if isinstance(value, date):
        return spell_date(value)
    return f"{value:,}" if isinstance(value, (int, Decimal)) else cell.text


def unit_of(column: ColumnDefinition, row: Mapping[str, Cell]) -> str:
    """The unit of a cell, which its column has or another column of its row names."""
    if column.unit_in and column.unit_in in row:
        return row[column.unit_in].text
    return column.unit or ""


def with_unit(cell: Cell, column: ColumnDefinition, row: Mapping[str, Cell]) -> str:
    """The cell in a sentence, where nothing else says the unit: `£11.2 million`, `54.3%`, `3 days`.

    It is rounded to what a reader keeps in mind; the table beside it has all of its digits.
    """
    if cell.symbol is not None:
        return SPOKEN[cell.symbol]
    unit, value = unit_of(column, row), cell.value
    if isinstance(value, (str, bool)) or not isinstance(value, (int, Decimal)):
        return plain(cell, column)
    return spoken(Decimal(value), unit)


def spoken(value: Decimal, unit: str) -> str:
    """A figure with its unit as it is said: `£11.2 million`, `109,500 workers`, `£1.57`."""
    sign, size = ("-" if value < 0 else ""), abs(value)
    if unit in _BEFORE:
        priced = f"{sign}{_BEFORE[unit]}{_money(size)}"
        if size and not rounded(size, 2):
            priced = f"less than {_BEFORE[unit]}0.01"
        return f"{priced} for each pound" if unit.endswith("each GBP") else priced
    text = sign + _short(rounded(size, 0 if size >= _THOUSAND else 1))
    if unit in _AFTER:
        return text + _AFTER[unit]
    return f"{text} {unit.removesuffix('s') if value == 1 else unit}" if unit else text


def exact(text: str, unit: str) -> str:
    """A figure's text, none of its digits lost, with its unit: `£9,031.19`, `33.3%`, `3 days`."""
    if unit in _BEFORE:
        sign, size = ("-", text[1:]) if text.startswith("-") else ("", text)
        after = " for each pound" if unit.endswith("each GBP") else ""
        return f"{sign}{_BEFORE[unit]}{size}{after}"
    return text + _AFTER[unit] if unit in _AFTER else f"{text} {unit}".strip()


def of_a_thousand(value: Decimal, unit: str) -> str:
    """`£0.17 for each £1,000`, of what is less than a penny for each pound; '' of all else."""
    said = rounded(abs(value) * _THOUSAND, 2)
    if unit not in _BEFORE or not unit.endswith("each GBP") or not said or rounded(abs(value), 2):
        return ""
    return f"{'-' if value < 0 else ''}£{said} for each £{_THOUSAND:,}"


def _money(size: Decimal) -> str:
    for most, one, word in _LARGE:
        if size >= most:
            return f"{_short(rounded(size / one, 1))} {word}"
    if size >= 10 * _THOUSAND:
        return f"{rounded(size / _THOUSAND, 0) * _THOUSAND:,}"
    if size >= _PENCE or size == size.to_integral_value():
        return f"{rounded(size, 0):,}"
    return f"{rounded(size, 2):,}"


def _short(figure: Decimal) -> str:
    """Without a nought after the point."""
    text = f"{figure:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(value: str, column: ColumnDefinition) -> str:
    if column.reads_as == "month":
        return _month(value)
    if column.reads_as and value not in column.reads and _is_name(value):
        return value[:1].upper() + value[1:].replace("_", " ").replace("-", " ")
    return column.reads.get(value, value)


def _is_name(value: str) -> bool:
    return not _NUMBER.search(value) or _SLUG.fullmatch(value) is not None


def _month(text: str) -> str:
    try:
        period = read_period(text)
    except PeriodError:
        return text
    return f"{period.first_day:%B %Y}" if period.kind == "month" else text


def spell_date(day: date) -> str:
    """`5 May 2022`."""
    return f"{day.day} {day:%B %Y}"
