"""The commitments return of each quarter: what procurement copies from the tender files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from flows.demo.made.authority.layouts import headers
from flows.demo.made.authority.periods import QUARTERS, first_day, last_day
from flows.demo.made.authority.sheets import csv_file, whole
from flows.demo.made.authority.workbook import Cell, Rows, workbook
from flows.demo.made.contracts.commitments import Commitment, commitments, profile_of
from flows.demo.made.contracts.measures import code_for

SHEETLESS = QUARTERS[0]  # the first return is a CSV file, which has no sheet for the profile
SENT_TWICE = "2021-22 Q2"  # first with one quantity ten times too high

# What is odd, by contract and measure. Only the first five are faults.
TEN_TIMES = ("CR-0046", "M08")  # in the first sending of SENT_TWICE
TWICE = ("CR-0044", "M03")  # the same row twice
WRONG_UNIT = ("CR-0047", "M04")  # weeks, with the unit of another measure
UNREADABLE = ("CR-0050", "M04")  # a word before the quantity; from the third return on it is right
IN_TWO = ("CR-0047", "M09")  # two promises of one measure, which add up
VARIED = ("CR-0044", "M07")  # a promise that was raised for the second year
UNKNOWN_CODE, UNKNOWN_CONTRACT = "SV-17", "CR-0999"

_HEADER = headers("commitments")
_PROFILE = ("Contract ref", "Measure", "Financial quarter", "Profiled quantity")


@dataclass(frozen=True)
class Promise:
    """A row of the return: the commitment in the measure's unit, and how it is written down.

    `fault` is why the row is kept out ('' where it is kept); `quantity_word` stands in the cell
    where the quantity cannot be read.
    """

    commitment: Commitment
    code: str
    quantity: Decimal
    unit: str
    quantity_word: str = ""
    fault: str = ""


@cache
def promises(quarter: str) -> tuple[Promise, ...]:
    """The rows of a quarter's return as it stands in force."""
    first, last = first_day(quarter), last_day(quarter)
    listed = [
        row
        for each in commitments()
        if each.contract.awarded <= last and each.contract.last_day >= first
        for row in _rows(each, quarter)
    ]
    return (*listed, *_strays())


def first_sending() -> tuple[Promise, ...]:
    """The return of SENT_TWICE as it was first sent."""
    return tuple(
        replace(row, quantity=row.quantity * 10) if _key(row.commitment) == TEN_TIMES else row
        for row in promises(SENT_TWICE)
    )


def promise_file(rows: Sequence[Promise], quarter: str) -> bytes:
    """The return's bytes: the commitments, and the profile by quarter of those that have one."""
    body = [_cells(row) for row in rows]
    if quarter == SHEETLESS:
        return csv_file([_HEADER, *body])
    sheets: list[tuple[str, Rows]] = [
        ("Commitments", [_HEADER, *body]),
        ("Profile", [_PROFILE, *profile_rows(rows, quarter)]),
    ]
    return workbook(sheets)


def profile_rows(rows: Sequence[Promise], quarter: str) -> list[list[Cell]]:
    """The rows of the profile sheet, of the promises that can be read; none in a CSV file."""
    if quarter == SHEETLESS:
        return []
    return [
        [row.commitment.reference, row.commitment.measure_id, label, quantity]
        for row in rows
        if not row.fault
        for label, quantity in profile_of(row.commitment).items()
    ]


def _rows(commitment: Commitment, quarter: str) -> list[Promise]:
    code = code_for(
        commitment.measure_id, "words" if commitment.reference[-1] in "36" else "standard"
    )
    row = Promise(commitment, code.code, code.in_unit(commitment.quantity), code.unit)
    key, early = _key(commitment), quarter < "2021-22 Q3"
    if commitment.quantity == 0:
        return [replace(row, fault="a promise of nought")]
    if key == TWICE:
        return [row, replace(row, fault="the same row twice")]
    if key == UNREADABLE and early:
        return [replace(row, quantity_word=f"about {row.quantity}", fault="an unreadable quantity")]
    if key == WRONG_UNIT:
        return [replace(row, unit="tonnes")]
    if key == IN_TWO:
        part = (row.quantity / 4).quantize(Decimal("0.01"))
        other = replace(commitment, text="Buy sandwiches from local firms")
        rest = replace(row, quantity=row.quantity - part)
        return [rest, replace(row, commitment=other, quantity=part)]
    if key == VARIED and quarter < "2022-23 Q1":
        return [replace(row, quantity=row.quantity - 12)]
    return [row]


def _strays() -> tuple[Promise, ...]:
    some = next(c for c in commitments() if c.quantity)
    nowhere = replace(some, reference=UNKNOWN_CONTRACT, profile="")
    return (
        Promise(some, UNKNOWN_CODE, Decimal(3), "visits", fault="a code that nobody knows"),
        Promise(nowhere, "M08", Decimal(40), "hours"),
    )


def _cells(row: Promise) -> list[Cell]:
    commitment = row.commitment
    quantity: Cell = row.quantity_word or whole(row.quantity)
    return [
        commitment.reference,
        row.code,
        commitment.text,
        quantity,
        row.unit,
        commitment.start,
        commitment.end,
    ]


def _key(commitment: Commitment) -> tuple[str, str]:
    return commitment.reference, commitment.measure_id
