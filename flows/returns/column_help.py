"""How a cell is written, in words for its sender."""

from collections.abc import Sequence

from flows.returns.column import Column, Type

HOW_TO_WRITE: dict[Type, str] = {
    "money": "a sum of money: write pounds and pence as 1234.50, a credit as -1234.50",
    "date": "a date: write it as dd/mm/yyyy",
    "moment": "a date and time: write it as 2022-04-30 17:05",
    "integer": "a whole number: write digits only",
    "number": "a number: write it as 1234.5",
    "boolean": "yes or no: write Yes or No",
    "postcode": "a postcode: write it as L3 1BP",
    "month": "a month: write it as 2022-04",
}


def how_to_write(column: Column) -> str | None:
    """What a cell of the column holds and how it is written; None where any text will do."""
    if column.one_of is not None:
        return "one of the values agreed: write " + ", ".join(column.offered)
    return HOW_TO_WRITE.get(column.type)


HELP = "Help for filling in"  # how the first cell of a template's help sheets begins


def is_help(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a sheet is one of a template's help sheets, which hold nothing of the sender's."""
    return bool(rows and rows[0] and rows[0][0].startswith(HELP))
