"""The columns of a return that nobody has described: by the headings of a file, or a first guess.

Nothing of a cell but its kind is ever written down.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.common import clock
from flows.common.declarations import parse_declared
from flows.common.errors import Rejected
from flows.common.files import scratch_folder
from flows.common.settings import Settings
from flows.operations.new.written import name_of, quoted
from flows.returns.column import Type
from flows.returns.contract import Contract
from flows.returns.file import look_at
from flows.returns.header import KINDS_OF
from flows.returns.layout import plain
from flows.returns.likely_columns import kind_of_cells
from flows.returns.readers.any_kind import look_at_sheets
from flows.returns.templates.draft import header_place

FEWEST = 2  # headings that a header has
# What a landed row has beside its own columns.
TAKEN = {"sender", "period", "part"}
KINDS: dict[str, Type] = {"yes or no": "boolean", "postcodes": "postcode", "dates": "date"}
# A cell of each type, for the rows that a suite gives as examples.
EXAMPLES: dict[Type, str] = {
    "text": "some text", "code": "A1", "money": "10.00", "date": "2026-04-01", "integer": "10",
    "number": "10", "boolean": "true", "postcode": "ZZ99 3VZ",
}  # fmt: skip


@dataclass(frozen=True)
class Drafted:
    """A column: its heading, what its cells read as, and whether each row has one."""

    name: str
    heading: str
    type: Type
    required: bool

    @property
    def text(self) -> str:
        """Its lines in the contract."""
        lines = [
            f"  - name: {self.name}",
            f"    type: {self.type}",
            f"    meaning: {quoted(self.heading)}",
            f"    aliases: [{quoted(self.heading)}]",
        ]
        if self.required:
            lines.insert(2, "    required: true")
        if self.type == "money":
            lines.insert(2, "    unit: GBP")
        if self.type == "postcode":
            lines.insert(2, "    privacy: private")
        return "\n".join(lines)


FIRST = (
    Drafted("reference", "Reference", "code", True),
    Drafted("category", "Category", "text", True),
    Drafted("quantity", "Quantity", "number", True),
)


def columns_in(path: Path, settings: Settings) -> list[Drafted]:
    """The columns of a file's first table. Raises Rejected where no row reads as a header."""
    file = look_at(path, None, settings.largest_file_mb)
    nothing, today = _knows_nothing(), clock.now().date()
    sheets = look_at_sheets(file, scratch_folder(settings), nothing, "", today)
    rows = next((rows for rows in sheets.values() if rows), [])
    at = header_place(rows, nothing, "", today) if rows else 0
    if not rows or sum(bool(cell.strip()) for cell in rows[at]) < FEWEST:
        raise Rejected(
            "match", f"{path.name}: no row of it reads as a header of two columns or more."
        )
    below = [row for row in rows[at + 1 :] if any(cell.strip() for cell in row)][:KINDS_OF]
    places: dict[str, int] = {}
    for place, heading in enumerate(rows[at]):
        places.setdefault(plain(heading), place)
    return [
        _drafted(rows[at][place], [row[place] if place < len(row) else "" for row in below])
        for known, place in places.items()
        if known  # and of two columns of one heading the first: nobody could tell them apart
    ]


def _knows_nothing() -> Contract:
    """A contract by whose words no heading is known: a file is read as it stands."""
    text = (
        'return: none\nversion: "0"\ntitle: None\ngrain: a row\ndelivery: whole\n'
        "period: {every: month, read_from: [flag]}\n"
        "columns: [{name: no_column_is_called_so, type: text, meaning: None}]\n"
    )
    return parse_declared(text, "a draft", Contract)


def _drafted(told: str, cells: Sequence[str]) -> Drafted:
    heading = " ".join(told.split())
    name = name_of(heading)
    name = f"{name}_named" if name in TAKEN else name
    filled = [cell.strip() for cell in cells if cell.strip()]
    return Drafted(name, heading, _type(filled), bool(filled) and len(filled) == len(cells))


def _type(cells: Sequence[str]) -> Type:
    kind, types = kind_of_cells(cells)
    if kind in KINDS:
        return KINDS[kind]
    if "money" in types and cells:
        if all(re.search(r"£|\.\d\d$", cell) for cell in cells):
            return "money"
        if any(re.match(r"0\d", cell) for cell in cells):
            return "code"  # a number has no nought before it, a code may
        return "number"
    return "code" if cells and all(re.fullmatch(r"(?=.*\d)\S+", c) for c in cells) else "text"
