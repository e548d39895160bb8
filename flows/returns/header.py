"""Finding the header row, and saying which column is which."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flows.returns.contract import Contract, Layout, plain
from flows.returns.rejection import Rejected

LOOK_DOWN = 60  # rows in which a header is looked for, below titles and notes


@dataclass(frozen=True)
class Header:
    """Where the header stands (row, from 1), which column (from 0) is which, and what is left over."""

    row: int
    columns: dict[str, int]
    names: list[str]
    layout: str
    unknown: list[str] = field(default_factory=list)


def find_header(
    rows: Sequence[Sequence[str]],
    contract: Contract,
    sender: str,
    on: date,
    where: str,
) -> Header:
    """The header among the first rows of a sheet.

    A layout named for the sender is tried first; otherwise the row that names most of the
    contract's columns is the header. Raises Rejected, naming what was looked for and what was
    found, if no row names every required column. `where` is the file (and sheet) for that answer.
    """
    best: Header | None = None
    for number, cells in enumerate(rows[:LOOK_DOWN], start=1):
        found = _match(cells, contract, sender, on, number)
        if best is None or len(found.columns) > len(best.columns):
            best = found
    if best is None or not best.columns:
        raise Rejected(
            "match",
            f"{where}: none of its first {min(len(rows), LOOK_DOWN)} rows is a header of "
            f"{contract.title.lower()}; looked for {_first_words(contract)}. "
            f"{_seen(rows, contract)}",
        )
    missing = [column for column in contract.required if column.name not in best.columns]
    if missing:
        raise Rejected(
            "match",
            f"{where}, row {best.row}: no column for {' or '.join(c.name for c in missing)} "
            f"(looked for {_words(missing[0].aliases)}); found {_words(best.names)}: rename the "
            "column, or check that this is the right file.",
        )
    if best.unknown and contract.unknown_columns == "reject":
        raise Rejected(
            "match",
            f"{where}, row {best.row}: no such column is agreed: {_words(best.unknown)}; "
            "leave it out.",
        )
    return best


def is_header(cells: Sequence[str], contract: Contract) -> bool:
    """Whether the cells name at least two of the required columns: a header repeated lower down."""
    names = {plain(cell) for cell in cells if cell}
    hits = [
        column
        for column in contract.required
        if names & {plain(word) for word in [column.name, *column.aliases]}
    ]
    return len(hits) >= min(2, len(contract.required))


def _match(cells: Sequence[str], contract: Contract, sender: str, on: date, number: int) -> Header:
    names = [cell.strip() for cell in cells]
    for layout in contract.layouts:
        if _fits(layout, sender, on):
            columns = _by_layout(names, layout, contract)
            if all(name in columns for name in layout.columns):
                return Header(number, columns, names, layout.name, _left_over(names, columns))
    columns = _by_alias(names, contract)
    return Header(number, columns, names, "general", _left_over(names, columns))


def _fits(layout: Layout, sender: str, on: date) -> bool:
    return (
        (not layout.senders or sender in layout.senders)
        and (layout.valid_from is None or layout.valid_from <= on)
        and (layout.valid_to is None or on <= layout.valid_to)
    )


def _by_layout(names: list[str], layout: Layout, contract: Contract) -> dict[str, int]:
    """Each column of the layout at its place, in the contract's order."""
    places = {plain(name): place for place, name in reversed(list(enumerate(names))) if name}
    return {
        column.name: places[plain(layout.columns[column.name])]
        for column in contract.columns
        if plain(layout.columns.get(column.name, "")) in places
    }


def _by_alias(names: list[str], contract: Contract) -> dict[str, int]:
    """Each column at the place of its best alias.

    The contract's own name is the best one, unless it has a place of its own among the aliases:
    `Net amount` comes before `Amount`, though the column is called amount.
    """
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name:
            places.setdefault(plain(name), place)
    columns: dict[str, int] = {}
    for column in contract.columns:
        ranked = {plain(word) for word in column.aliases}
        own = [] if plain(column.name) in ranked else [column.name]
        for word in [*own, *column.aliases]:
            if plain(word) in places:
                columns[column.name] = places[plain(word)]
                break
    return columns


def _left_over(names: list[str], columns: dict[str, int]) -> list[str]:
    taken = set(columns.values())
    return [name for place, name in enumerate(names) if name and place not in taken]


def _words(words: Sequence[str]) -> str:
    shown = [word[:40] for word in words if word]
    return ", ".join(shown[:6]) + (", ..." if len(shown) > 6 else "")


def _first_words(contract: Contract) -> str:
    return "; ".join(_words(column.aliases[:2]) for column in contract.required)


def _seen(rows: Sequence[Sequence[str]], contract: Contract) -> str:
    first = next((row for row in rows if any(row)), [])
    if contract.personal:  # without a header the first row may be a person's
        return f"The first row has {sum(1 for cell in first if cell)} cells."
    return f"The first row reads: {_words([cell for cell in first if cell])}."
