"""Whether a sheet without a known header looks like those that have one, and is no other thing."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from flows.returns.header import Header
from flows.returns.readers.sheet import Rows, Sheet

LOOKED_AT = 100  # rows
ENOUGH = 0.6  # of a column's cells
DAY = re.compile(r"\d{1,4}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,5}( .*)?")
NUMBER = re.compile(r"[-(£]*[\d,. ]*\d(\.\d*)?[-)]?")


def looks_like(rows: Rows, headers: Sequence[Header], sheets: Mapping[str, Sheet]) -> bool:
    """Whether the sheet has as many columns of each kind as one of its sisters.

    A sister is a sheet of the same file that has one of `headers`.
    """
    own = Counter(_kinds(rows, 0))
    sisters = (
        _kinds(sheets[header.sheet].rows, header.row)
        for header in headers
        if header.sheet in sheets
    )
    # Columns of text alone are no likeness: any note has them.
    return any(set(kinds) - {"text"} and not Counter(kinds) - own for kinds in sisters)


def _kinds(rows: Rows, below: int) -> list[str]:
    """What each column with cells in it holds: days, numbers or text."""
    wide = [row for row in rows[below:] if sum(bool(cell.strip()) for cell in row) > 1]
    looked_at = wide[:LOOKED_AT]
    found = []
    for place in range(max((len(row) for row in looked_at), default=0)):
        cells = [row[place].strip() for row in looked_at if place < len(row)]
        filled = [cell for cell in cells if cell]
        if filled:
            found.append(_kind(filled))
    return found


def _kind(cells: Sequence[str]) -> str:
    for kind, pattern in (("day", DAY), ("number", NUMBER)):
        if sum(bool(pattern.fullmatch(cell)) for cell in cells) >= ENOUGH * len(cells):
            return kind
    return "text"
