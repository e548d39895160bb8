"""How a person would read each real payments file: plain Python with Decimal, file by file.

Nothing of the pipeline is used. A recipe says where the rows begin, in which column the amount
stands, and which rows are payments.
"""

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

PENNY = Decimal("0.01")
Row = list[str]


@dataclass(frozen=True)
class Recipe:
    """Which rows (numbered from 1) are read, and where their amount stands (from 0)."""

    amount: int
    first: int = 2
    encoding: str = "utf-8-sig"
    is_payment: Callable[[Row], bool] = lambda row: True
    cannot_be_read: Callable[[Row], bool] = lambda row: False


@dataclass(frozen=True)
class Reading:
    """What a person finds: payments and their sum, and how many rows cannot be read."""

    payments: int
    amount: Decimal
    unreadable: int


def filled(*places: int) -> Callable[[Row], bool]:
    return lambda row: all(place < len(row) and row[place].strip() for place in places)


def lost_a_comma(row: Row) -> bool:
    """Lambeth: a lost comma has glued two cells together, and moved the others to the left."""
    return row[0] == "Lambeth" and not re.fullmatch(r"\d\d/\d\d/\d{4}", row[3].strip())


RECIPES = {
    "darlington_2022-03.csv": Recipe(amount=7),
    "devon_2011-01.csv": Recipe(amount=5),
    "devon_2025-03.csv": Recipe(amount=5),
    "devon_2025-09.csv": Recipe(amount=4),
    "ecgd_2010-12.xlsx": Recipe(amount=7, first=3, is_payment=filled(7)),
    "gla_2009-12.csv": Recipe(amount=2, first=7, encoding="cp1252", is_payment=filled(0, 2)),
    "gla_2011-12-P13.csv": Recipe(6, 8, "cp1252", is_payment=filled(1, 2, 7)),
    "gla_2014-15-P07.csv": Recipe(6, 9, "cp1252", is_payment=filled(1, 2, 7)),
    "hyndburn_2018-03.csv": Recipe(amount=6, encoding="cp1252"),
    "hyndburn_2022-12.csv": Recipe(amount=6, encoding="cp1252"),
    "hyndburn_2023-04.csv": Recipe(6, 3, "cp1252", is_payment=filled(6)),
    "hyndburn_2025-03.csv": Recipe(
        16, 1, "cp1252", is_payment=lambda row: row[16] != "Amount Paid"
    ),
    "lambeth_2012-06.csv": Recipe(
        4, 11, "cp1252", is_payment=filled(0, 2, 3), cannot_be_read=lost_a_comma
    ),
    "leeds_2011-03.csv": Recipe(amount=9),
    "manchester_2022-03.csv": Recipe(amount=5),
    "newcastle_2020-04.csv": Recipe(amount=9),
    "nhs-kico_2020-06.csv": Recipe(amount=9, encoding="cp1252"),
    "nhs-nebd_2020-07.csv": Recipe(amount=7, encoding="cp1252"),
    "oxford_2014-Q1.csv": Recipe(amount=6, encoding="cp1252", is_payment=filled(4)),
    "oxford_2017-Q3.csv": Recipe(amount=5, encoding="cp1252"),
    "bis_2012-12.xls": Recipe(amount=7, is_payment=filled(7)),
    "lancashire-fire_2022-23.xlsx": Recipe(amount=5),  # and what stands below the second header
    "lancashire-pcc_2023-24.xlsx": Recipe(amount=2, is_payment=filled(2)),
    "nhs-nmid_2020-11.xlsx": Recipe(amount=7, is_payment=filled(7)),
}


def read_plainly(path: Path) -> Reading:
    """The file, as its recipe says."""
    recipe = RECIPES[path.name]
    payments, amount, unreadable = 0, Decimal(0), 0
    for rows in sheets(path, recipe):
        place = recipe.amount
        for number, row in enumerate(rows, start=1):
            if number < recipe.first or not any(row):
                continue
            if "Amount" in row and "Date" in row:  # a second header, in the middle of the sheet
                place = row.index("Amount")
            elif recipe.cannot_be_read(row):
                unreadable += 1
            elif recipe.is_payment(row):
                payments, amount = payments + 1, amount + to_pence(row[place])
    return Reading(payments, amount, unreadable)


def sheets(path: Path, recipe: Recipe) -> Iterator[list[Row]]:
    """The rows of the file, or of each of its sheets."""
    if path.read_bytes()[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield [[_text(cell) for cell in row] for row in rows]
        return
    text = path.read_bytes().decode(recipe.encoding)
    if text.count("\r") > 2 * text.count("\n"):
        text = text.replace("\r", "\n")
    yield list(csv.reader(io.StringIO(text, newline="")))


def _text(cell: object) -> str:
    return cell.isoformat() if isinstance(cell, datetime.date) else str(cell)


def to_pence(text: str) -> Decimal:
    """A sum as the files write it: commas, pound signs, brackets, a minus before or behind."""
    bare = re.sub(r"[\s,£\xa0]", "", text)
    negative = bare.startswith(("(", "-")) or bare.endswith("-")
    try:
        value = Decimal(bare.strip("()-"))
    except InvalidOperation:
        raise AssertionError(f"{text!r} is no sum") from None
    return (-value if negative else value).quantize(PENNY, ROUND_HALF_UP)
