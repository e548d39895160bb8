"""Finding the header row, and saying which column is which."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flows.common.errors import Rejected
from flows.returns.contract import Table
from flows.returns.layout import Layout, Packed, plain, plain_word
from flows.returns.likely_columns import likely_heading

LOOK_DOWN = 60  # rows in which a header is looked for first, below titles and notes
KINDS_OF = 200  # rows below it by which is judged what a column holds


@dataclass(frozen=True)
class Header:
    """Where the header stands (sheet, row from 1) and which column (from 0) is which.

    `unknown`: headers that no contract speaks of; `lacks`: columns the layout does without;
    `takes`: of which columns only what fits a pattern is taken; `packed`: what its cells hold.
    """

    row: int
    columns: dict[str, int]
    names: list[str]
    layout: str
    unknown: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    sheet: str = ""
    takes: dict[str, str] = field(default_factory=dict)
    packed: Packed | None = None

    @property
    def twins(self) -> dict[str, list[int]]:
        """The columns whose heading stands on further columns too, and where these are."""
        taken = set(self.columns.values())
        found = {
            name: [
                other
                for other, heading in enumerate(self.names)
                if other not in taken and heading and plain(heading) == plain(self.names[place])
            ]
            for name, place in self.columns.items()
        }
        return {name: places for name, places in found.items() if places}

    def is_whole(self, table: Table) -> bool:
        """Whether every required column is there, or known not to be sent."""
        return not missing(self, table)


def missing(header: Header, table: Table) -> list[str]:
    """The required columns that the header neither names nor is known to lack."""
    has = header.columns.keys() | set(header.lacks)
    return [column.name for column in table.required_columns if column.name not in has]


def find_header(
    rows: Sequence[Sequence[str]],
    table: Table,
    sender: str,
    on: date,
    where: str,
    sheet: str = "",
) -> Header:
    """The header among the first rows of a sheet.

    The row that names most of the contract's columns is the header; a layout of the sender's is
    tried before the contract's own words, and one that is nobody's where these do not suffice.
    Raises Rejected, naming what was looked for and what was found, if no row names every required
    column. `where` is the file (and sheet) for that answer.
    """
    best: Header | None = None
    for number, cells in enumerate(rows[:LOOK_DOWN], start=1):
        found = match(cells, table, sender, on, number, sheet)
        if best is None or _worth(found, table) > _worth(best, table):
            best = found
    for number, cells in enumerate(rows[:LOOK_DOWN], start=1):
        _refuse_mistake(cells, table, f"{where}, row {number}")
    if best is None or not best.columns:
        raise Rejected(
            "match",
            f"{where}: none of its first {min(len(rows), LOOK_DOWN)} rows is a header of "
            f"{table.title.lower()}; looked for {_first_words(table)}. "
            f"{_seen(rows, table)}",
        )
    if lacking := missing(best, table):
        wanted = table.column(lacking[0])
        raise Rejected(
            "match",
            f"{where}, row {best.row}: no column for {' or '.join(lacking)} "
            f"(looked for {_words(wanted.aliases)}); {_found(best, table)}: rename the "
            f"column, or check that this is the right file.{_drafted_alias(best, rows, table)}",
        )
    if best.unknown and table.unknown_columns == "reject":
        raise Rejected(
            "match",
            f"{where}, row {best.row}: no such column is agreed: {_words(best.unknown)}; "
            "leave it out.",
        )
    return best


def match(
    cells: Sequence[str], table: Table, sender: str, on: date, row: int, sheet: str = ""
) -> Header:
    """The row read as a header: by the sender's layout, the contract's words, or any layout."""
    names = [cell.strip() for cell in cells]
    own = [layout for layout in table.layouts if sender in layout.senders]
    anyones = [layout for layout in table.layouts if not layout.senders]
    for layout in own:
        if header := _by_layout(names, layout, table, on, row, sheet):
            return header
    columns = _by_alias(names, table)
    general = Header(row, columns, names, "general", _left_over(names, columns), sheet=sheet)
    if general.is_whole(table):
        return general
    for layout in anyones:
        if header := _by_layout(names, layout, table, on, row, sheet):
            return header
    return general


def words_of(table: Table) -> set[str]:
    """Every word, plain, by which the contract or a layout knows a column."""
    own = (word for column in table.columns for word in [column.name, *column.aliases])
    of_layouts = (word for layout in table.layouts for word in layout.columns.values())
    return {plain_word(word) for word in (*own, *of_layouts)}


def is_header(cells: Sequence[str], table: Table) -> bool:
    """Whether the cells name at least two of the required columns: a header repeated lower down."""
    names = {plain(cell) for cell in cells if cell}
    hits = [
        column
        for column in table.required_columns
        if names & {plain_word(word) for word in [column.name, *column.aliases]}
    ]
    return len(hits) >= min(2, len(table.required_columns))


def _worth(header: Header, table: Table) -> tuple[bool, int]:
    return header.is_whole(table), len(header.columns)


def _by_layout(
    names: list[str], layout: Layout, table: Table, on: date, row: int, sheet: str
) -> Header | None:
    """The header by a layout whose every column is there; the rest by the contract's words."""
    if (layout.valid_from and on < layout.valid_from) or (layout.valid_to and on > layout.valid_to):
        return None
    places = {plain(name): place for place, name in reversed(list(enumerate(names))) if name}
    if any(plain_word(header) not in places for header in layout.columns.values()):
        return None
    columns = {column: places[plain_word(header)] for column, header in layout.columns.items()}
    taken = set(columns.values())
    for column, place in _by_alias(names, table).items():
        if column not in columns and column not in layout.lacks and place not in taken:
            columns[column] = place
    return Header(
        row,
        columns,
        names,
        layout.name,
        _left_over(names, columns),
        list(layout.lacks),
        sheet,
        layout.takes,
        layout.packed,
    )


def _by_alias(names: list[str], table: Table) -> dict[str, int]:
    """Each column at the place of its best alias.

    The contract's own name is the best one, unless it has a place of its own among the aliases:
    `Net amount` comes before `Amount`, though the column is called amount.
    """
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name:
            places.setdefault(plain(name), place)
    columns: dict[str, int] = {}
    for column in table.columns:
        words = [plain_word(word) for word in column.aliases]
        own = plain_word(column.name)
        ranked = words if own in words else [own, *words]
        if word := next((one for one in ranked if one in places), None):
            columns[column.name] = places[word]
    return columns


def _refuse_mistake(cells: Sequence[str], table: Table, where: str) -> None:
    names = {plain(cell) for cell in cells if cell}
    for mistake in table.mistaken:
        if all(plain(header) in names for header in mistake.headers):
            raise Rejected("match", f"{where}: this is {mistake.what}.")


def _drafted_alias(best: Header, rows: Sequence[Sequence[str]], table: Table) -> str:
    """A line for the contract that makes a heading of the file the column that is missing."""
    if table.personal and len(best.columns) < 2:  # the row may be a person's
        return ""
    wanted = table.column(missing(best, table)[0])
    taken = set(best.columns.values())
    unknown = {p: name for p, name in enumerate(best.names) if name and p not in taken}
    heading = likely_heading(wanted.name, unknown, rows[best.row : best.row + KINDS_OF], table)
    if heading is None:
        return ""
    word = json.dumps(" ".join(heading.split()), ensure_ascii=False)  # as YAML
    return (
        f" If {_words([heading])} is that column, put it into the contract under "
        f"{wanted.name}: aliases: [..., {word}]"
    )


def _left_over(names: list[str], columns: dict[str, int]) -> list[str]:
    taken = set(columns.values())
    return [name for place, name in enumerate(names) if name and place not in taken]


def _words(words: Sequence[str]) -> str:
    named = [" ".join(word.split())[:40] for word in words if word.strip()]
    return ", ".join(named[:6]) + (", ..." if len(named) > 6 else "")


def _first_words(table: Table) -> str:
    return "; ".join(_words(column.aliases[:2]) for column in table.required_columns)


def _found(best: Header, table: Table) -> str:
    """What the row taken for a header says; of a table with people only if it surely is one."""
    if table.personal and len(best.columns) < 2:
        return f"found {sum(1 for name in best.names if name)} cells"
    return f"found {_words(best.names)}"


def _seen(rows: Sequence[Sequence[str]], table: Table) -> str:
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    if table.personal:  # without a header the first row may be a person's
        return f"The first row has {sum(1 for cell in first if cell.strip())} cells."
    return f"The first row reads: {_words(list(first))}."
