"""One published cell: the rounded value, or the symbol that stands for it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from exports.definitions.table import LOW, SYMBOLS, Column

Value = str | int | Decimal | date | datetime | None
EXPECTED: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "integer": int,
    "number": (Decimal, int),
    "date": date,
    "moment": datetime,
    "boolean": bool,
}
# The characters with which a spreadsheet takes text for a formula, their full-width twins too.
FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")


class CellError(ValueError):
    """A value cannot be published as its column says; the message says why."""


@dataclass(frozen=True)
class Cell:
    """What is published: the value (None where there is none) and the symbol shown in its place."""

    value: Value
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


def publish_value(column: Column, raw: object, unit: str | None = None) -> Cell:
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

    The rule: text that begins with = + - @, a tab or a carriage return (after any spaces and
    apostrophes) gets one apostrophe in front. Whoever reads the file as data takes one leading
    apostrophe off such a text, and has the original.
    """
    return f"'{text}" if text.lstrip(" '\n\u00a0").startswith(FORMULA_STARTS) else text
