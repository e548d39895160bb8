"""One published cell: the rounded value, or the symbol that stands for it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from exports.definitions.table import LOW, SYMBOLS, ColumnDefinition
from flows.common.errors import SocialValueError

CellValue = str | int | Decimal | date | datetime | None
EXPECTED: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "integer": int,
    "number": (Decimal, int),
    "date": date,
    "moment": datetime,
    "boolean": bool,
}
# What looks like nothing before a text: controls, spaces and marks without width of every script.
_BLANK = (
    r"\x00-\x20\x7f-\xa0"
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5"
    "\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# With these a spreadsheet takes text for a formula; their small and full-width twins too.
_STARTS = r"=+\-@" "\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20" r"\t\r"
# Read alike by Python and by DuckDB's RE2.
FORMULA = f"^[{_BLANK}']*[{_STARTS}]"
_FORMULA = re.compile(FORMULA)


class CellError(SocialValueError):
    """A value cannot be published as its column says; the message says why."""


@dataclass(frozen=True)
class Cell:
    """What is published: the value (None where there is none) and the symbol shown in its place."""

    value: CellValue
    symbol: str | None = None
    decimals: int = 0

    @property
    def text(self) -> str:
        """The cell as text: its symbol if it has one, else its value (dates as ISO 8601)."""
        if self.symbol is not None:
            return self.symbol
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        if isinstance(self.value, Decimal):
            return f"{self.value:f}"
        if isinstance(self.value, datetime):
            return self.value.isoformat(timespec="seconds")
        return "" if self.value is None else str(self.value)

    @property
    def figure(self) -> Decimal | None:
        """The figure in the cell; None where a symbol or a text stands in it."""
        if self.symbol is None and isinstance(self.value, int | Decimal):
            return Decimal(self.value)
        return None


def publish_value(column: ColumnDefinition, raw: object, unit: str | None = None) -> Cell:
    """The cell that stands for `raw` (of the publication model) in `column`.

    `unit` is the row's own unit where the column says `unit_in`. Raises CellError if the value is
    of another type than the column's, or is missing where the column does not say why.
    """
    if isinstance(raw, str):
        raw = column.words.get(raw, raw)
    if raw is None or raw == "":
        if column.when_missing is None:
            raise CellError("has no value, and its definition does not say what that means")
        return Cell(None, SYMBOLS[column.when_missing])
    wanted = EXPECTED[column.type]
    wrong = not isinstance(raw, wanted)
    wrong |= isinstance(raw, bool) != (column.type == "boolean")
    wrong |= isinstance(raw, datetime) != (column.type == "moment")
    if wrong or not isinstance(raw, (str, int, Decimal, date)):
        raise CellError(f"holds a {type(raw).__name__} where its definition says {column.type}")
    if column.type != "number" or not isinstance(raw, (Decimal, int)):
        return Cell(raw)
    decimals = column.decimals_by_unit.get(unit or "", column.decimals or 0)
    figure = rounded(Decimal(raw) * column.times, decimals)
    return Cell(figure, LOW if raw and not figure else None, decimals)


def rounded(figure: Decimal, decimals: int) -> Decimal:
    """`figure` to that many decimals, a half away from zero, and never minus zero."""
    result = figure.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return result if result else abs(result)


def harmless(text: str) -> str:
    """Text as it is written to CSV, so that no spreadsheet runs it.

    The rule: text that begins with = + - @, a tab or a carriage return (after any blanks and
    apostrophes) gets one apostrophe in front. Whoever reads the file as data takes one leading
    apostrophe off such a text, and has the original.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def harmless_sql(column: str) -> str:
    """The same of a column of text, as an expression of DuckDB's SQL."""
    pattern = FORMULA.replace("'", "''")
    return (
        f"case when regexp_matches({column}, '{pattern}') then '''' || {column} else {column} end"
    )
