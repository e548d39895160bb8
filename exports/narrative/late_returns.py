"""Returns that did not come, and returns that came late: by name and by the money at stake."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exports.figures.cell import Cell
from exports.figures.display import spoken
from exports.figures.selection import Selection
from exports.narrative.render import is_given
from exports.narrative.rendered import Piece, RenderedSentence, joined, piece_of

NAMES_AT_MOST = 6
SUPPLIERS = "supplier_returns"
_Row = Mapping[str, Cell]


@dataclass(frozen=True)
class _Supplier:
    """A supplier by name, with the cells of what its contracts are worth."""

    name: Piece
    values: Sequence[Piece]
    worth: Decimal


def suppliers_of(contracts: Selection | None) -> dict[str, _Supplier]:
    """Suppliers by the name under which they send returns; a withheld name is not among them."""
    found: dict[str, _Supplier] = {}
    # a release keeps its tables, and early ones did not say who sends what
    if contracts is None or all(column.name != "sends_as" for column in contracts.table.columns):
        return found
    for at, row in enumerate(contracts.by_column):
        value = row["value"].value
        # a return is owed for contracts that promise something: no other is at stake
        promises_nothing = "has_commitment" in row and row["has_commitment"].text == "no"
        if not is_given(row["sends_as"]) or not isinstance(value, Decimal) or promises_nothing:
            continue
        sender, piece = row["sends_as"].text, piece_of(contracts, at, "value", row)
        before = found.get(sender)
        found[sender] = _Supplier(
            before.name if before else piece_of(contracts, at, "supplier", row),
            [*(before.values if before else ()), piece],
            value + (before.worth if before else 0),
        )
    return found


def late_returns(
    selection: Selection, suppliers: Mapping[str, _Supplier]
) -> Iterator[RenderedSentence]:
    """What did not come and what came late, most money first."""
    for lead, late in (("Not in the figures, for no sound return came: ", False), ("Late: ", True)):
        listed = []
        for at, row in enumerate(selection.by_column):
            if _is_listed(row, late):
                of_suppliers = row["return"].text == SUPPLIERS
                supplier = suppliers.get(row["sender"].text) if of_suppliers else None
                worth = supplier.worth if supplier else Decimal(0)
                pieces = tuple(_named(selection, at, row, supplier, late))
                listed.append(((-worth, at), pieces))
        if listed:
            listed.sort(key=lambda one: one[0])
            named = joined([pieces for _, pieces in listed], "; ", NAMES_AT_MOST)
            yield (Piece(lead), *named, Piece("."))


def _is_listed(row: _Row, late: bool) -> bool:
    """Whether a return is one that did not come, or that came `late`."""
    days, stands = row["late_days"].value, row["outcome"].text == "loaded"
    return (stands and isinstance(days, int) and days > 0) if late else not stands


def _named(
    selection: Selection, at: int, row: _Row, supplier: _Supplier | None, late: bool
) -> Iterator[Piece]:
    """`Total Tidewater Lifts Limited (contracts worth £7 million)`; others by return and period."""
    if supplier:
        yield supplier.name
        worth = spoken(supplier.worth, "GBP")
        yield Piece(" (contracts worth ")
        yield Piece(worth, supplier.values[0].source, True)
        yield from (Piece("", one.source) for one in supplier.values[1:])  # a sum is of all of them
    else:
        part = (
            []
            if row["part"].text == "whole period"
            else [Piece(", "), piece_of(selection, at, "part", row)]
        )
        yield piece_of(selection, at, "return", row)
        yield Piece(" for ")
        yield piece_of(selection, at, "period", row)
        yield Piece(" (")
        yield piece_of(selection, at, "sender", row)
        yield from part
    if late:
        yield Piece(", ")
        yield piece_of(selection, at, "late_days", row)
    yield Piece(")")
