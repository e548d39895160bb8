"""The words that stand on pages for codes: of suppliers, of figures, of indicators and measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from exports.definitions.table import ColumnDefinition
from exports.edition.history import DEFINITIONS
from exports.figures.cell import Cell
from exports.figures.display import plain
from exports.figures.selection import Selection

# A code and the column with its words.
_WORDS = (("indicator_id", "title"), ("measure_id", "measure"))
_SENDER, _SUPPLIER = "sends_as", "supplier"  # of the table of contracts


@dataclass(frozen=True)
class Names:
    """`codes` of indicators and measures, `senders` that are suppliers with a public name, and
    `figures` by indicator and basis, each with its words; `units` of the rows that name one, by
    table and key."""

    codes: Mapping[str, str] = field(default_factory=dict)
    senders: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[tuple[str, str], str] = field(default_factory=dict)
    units: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def reading(
        self, cell: Cell, column: ColumnDefinition, row: Mapping[str, Cell]
    ) -> tuple[str, str]:
        """How a cell reads on a page, and the code that stands behind it ('' if none does)."""
        if column.reads_as == "sender" and cell.text in self.senders:
            return self.senders[cell.text], cell.text
        if column.reads_as == "figure" and "indicator_id" in row:
            figure = self.figures.get((row["indicator_id"].text, cell.text))
            return figure or plain(cell, column), ""
        return plain(cell, column), ""


def names_of(selections: Sequence[Selection]) -> Names:
    """The words of each code that the tables tell; a withheld name is in none of them."""
    codes: dict[str, str] = {}
    senders: dict[str, str] = {}
    figures: dict[tuple[str, str], str] = {}
    units: dict[tuple[str, str], str] = {}
    for selection in selections:
        has = {column.name for column in selection.table.columns}
        pairs = [(code, words) for code, words in _WORDS if {code, words} <= has]
        is_contracts, is_definitions = _SENDER in has, selection.table.name == DEFINITIONS
        for row in selection.by_column if pairs or is_contracts or is_definitions else ():
            codes.update((row[code].text, row[words].text) for code, words in pairs)
            if is_contracts and not row[_SENDER].symbol and not row[_SUPPLIER].symbol:
                senders[row[_SENDER].text] = row[_SUPPLIER].text
            if is_definitions:
                figures[row["indicator_id"].text, row["basis"].text] = row["figure"].text
        if of := next((c.unit_in for c in selection.table.columns if c.unit_in in has), None):
            for row in selection.by_column:
                key = "; ".join(f"{name}={row[name].text}" for name in selection.table.key)
                units[selection.table.name, key] = row[of].text
    return Names(codes, senders, figures, units)
