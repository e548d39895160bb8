"""The rows of a return as text, before they are typed: table `raw_rows` of the scratch database.

Columns: `_sheet`, `_row` (its number in the sheet, from 1), every column of the contract as text
(null where the sheet does not have it), `_blank` (nothing in any cell), `_shifted` (how its cells
seem to stand under the wrong columns; shifted_rows.py), `_unlike` (a column whose heading stands
twice, over other cells) and `_words` (all cells of a row that lacks one of the first columns: a
total, a note).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import duckdb
import pyarrow as pa

from flows.returns.contract import Table
from flows.returns.header import Header
from flows.returns.layout import Packed
from flows.returns.shifted_rows import how_shifted

BATCH = 20_000
WORDS = 300  # how much of a total or note is looked at
MERGED = "merged with row "  # and its number: a cell's text where the contract takes none for it


@dataclass(frozen=True)
class Aside:
    """A row that is no row of the return, and why: a title, a blank, a header, another sheet's."""

    sheet: str
    row: int
    why: str


@dataclass(frozen=True)
class RawRows:
    """How a table's rows were read: under which headers, what was left aside, by which reader.

    `left_out`: sheets that hold no table of this kind; `hidden`: those that nobody sees;
    `unpaired`: awards of one id that are not as many as their contracts; `merged`: cells (sheet,
    row, column) merged with one above, whose value the contract does not take for theirs.
    """

    headers: list[Header]
    aside: list[Aside]
    encoding: str
    how: str
    left_out: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    unpaired: list[str] = field(default_factory=list)
    merged: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        """The sheet that the first header stands on; '' in a file without sheets."""
        return self.headers[0].sheet

    @property
    def columns(self) -> set[str]:
        """The contract's columns that were found, under any header."""
        packed = [header.packed.columns for header in self.headers if header.packed]
        return {name for header in self.headers for name in header.columns}.union(*packed)

    @property
    def lacks(self) -> set[str]:
        """The required columns that the layouts say are not sent."""
        return {name for header in self.headers for name in header.lacks}

    @property
    def unknown(self) -> list[str]:
        """The columns that no contract speaks of, each once."""
        return list(dict.fromkeys(name for header in self.headers for name in header.unknown))


def make_raw_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make an empty `raw_rows` for the contract."""
    columns = "".join(f', "{column.name}" varchar' for column in table.columns)
    connection.execute(
        f"create or replace table raw_rows (_sheet varchar, _row bigint{columns}, "
        "_blank boolean, _shifted varchar, _unlike varchar, _words varchar)"
    )


def text_columns(header: Header, cells: Sequence[str], money: str | None) -> str:
    """The select list of `raw_rows` after its row number, for cells of these names.

    `money`: the column whose sum must not get lost.
    """
    twins = header.twins
    filled = {
        name: _first(cells, [place, *twins.get(name, [])]) for name, place in header.columns.items()
    }
    found = [f'{_taken(cell, header.takes.get(name))} as "{name}"' for name, cell in filled.items()]
    unlike = "".join(
        f" when nullif(trim({cells[header.columns[name]]}), '') <> nullif(trim({cells[other]}), '')"
        f" then '{name}'"
        for name, places in twins.items()
        for other in places
    )
    anything = ", ".join(f"nullif(trim({cell}), '')" for cell in cells)
    most_filled = [cells[place] for place in list(header.columns.values())[:2]]
    lacking = " or ".join(_is_empty([cell]) for cell in most_filled)
    return ", ".join(
        [
            *found,
            f"{_is_empty(cells)} as _blank",
            f"{how_shifted(header, cells, money)} as _shifted",
            f"case{unlike} end as _unlike" if unlike else "null as _unlike",
            f"case when {lacking} then left(concat_ws(' | ', {anything}), {WORDS}) end as _words",
        ]
    )


def _is_empty(cells: Sequence[str]) -> str:
    """Whether nothing stands in any of the cells.

    What begins with more than a space is seen at a glance, and is nearly every cell; to trim all of
    them took a third of reading a file.
    """
    glance = "".join(f" when {cell} >= '!' then false" for cell in cells)
    filled = ", ".join(f"nullif(trim({cell}), '')" for cell in cells)
    return f"case{glance} else coalesce({filled}) is null end"


def _first(cells: Sequence[str], places: Sequence[int]) -> str:
    """The cell, or the first that is filled of several."""
    if len(places) == 1:
        return cells[places[0]]
    filled = ", ".join(f"nullif(trim({cells[place]}), '')" for place in places)
    return f"coalesce({filled})"


def _taken(cell: str, pattern: str | None) -> str:
    """What is taken of a cell: all of it, or what fits the layout's pattern."""
    if pattern is None:
        return cell
    quoted = pattern.replace("'", "''")
    return f"nullif(regexp_extract(trim({cell}), '{quoted}', 0, 'i'), '')"


def insert_rows(
    connection: duckdb.DuckDBPyConnection,
    rows: Iterable[tuple[int, Sequence[str]]],
    header: Header,
    money: str | None,
) -> None:
    """Add numbered rows of text, which stand under `header`, to `raw_rows`.

    Cells beyond the header's last are left out of the columns but count as not blank.
    """
    width = len(header.names) + 1  # the last cell gathers what stands beyond the header
    cells = [f"c{place}" for place in range(width)]
    for numbers, columns in _batches(rows, width):
        arrays = [pa.array(numbers, pa.int64())]
        arrays += [pa.array(column, pa.string()) for column in columns]
        connection.register("batch_of_rows", pa.Table.from_arrays(arrays, ["_row", *cells]))
        connection.execute(
            f"insert into raw_rows by name select $sheet as _sheet, _row, "
            f"{text_columns(header, cells, money)} from batch_of_rows",
            {"sheet": header.sheet},
        )
        connection.unregister("batch_of_rows")


def _batches(
    rows: Iterable[tuple[int, Sequence[str]]], width: int
) -> Iterator[tuple[list[int], list[list[str | None]]]]:
    """Row numbers and columns of up to BATCH rows each, every row padded to `width` cells."""
    source, named = iter(rows), width - 1
    while taken := list(islice(source, BATCH)):
        numbers = [number for number, _ in taken]
        padded = ([*row[:named], *[None] * (named - len(row))] for _, row in taken)
        columns: list[list[str | None]] = [list(column) for column in zip(*padded, strict=True)]
        beyond = [" ".join(row[named:]).strip() or None for _, row in taken]
        yield numbers, [*columns, beyond]


def unpack(connection: duckdb.DuckDBPyConnection, table: Table, packed: Packed) -> None:
    """Put a row for each record in the place of each row of `raw_rows` with a packed cell.

    A cell that is not packed stays as it is. A record of too few parts keeps its first alone.
    """
    loose, count = packed.parts.index(packed.loose) + 1, len(packed.parts)
    surplus = f"len(parts) - {count}"
    found: dict[str, str] = {}
    for place, part in enumerate(packed.parts, start=1):
        if place == loose:
            found[part] = f"array_to_string(parts[{place}:{place} + {surplus}], '|')"
        else:
            found[part] = f"parts[{place if place < loose else f'{place} + {surplus}'}]"
    values = {name: found[name] for name in packed.columns if name in found}
    for kind, name in packed.numbers.items():
        values[name] = f"case when {found['kind']} = '{kind}' then {found['number']} end"
    first = packed.parts[0]
    selected = [
        "case when place = 1 then _sheet else trim(_sheet || ' record ' || place) end as _sheet",
        "_row",
    ]
    for column in (one.name for one in table.columns):
        if column in values:
            short = "parts[1]" if column == first else "null"
            value = f"case when len(parts) < {count} then {short} else {values[column]} end"
            selected.append(f'case when parts is null then "{column}" else {value} end')
        elif column in packed.once:
            selected.append(f'case when place = 1 then "{column}" end')
        else:
            selected.append(f'"{column}"')
        selected[-1] += f' as "{column}"'
    connection.execute(
        f"""
        create or replace table raw_rows as
        with records as (
            select raw.*, unnest(
                case when "{packed.column}" like '[%|%]'
                then string_split(trim("{packed.column}", '[] '), '][') else [null] end
            ) as record, generate_subscripts(
                case when "{packed.column}" like '[%|%]'
                then string_split(trim("{packed.column}", '[] '), '][') else [null] end, 1
            ) as place
            from raw_rows as raw
        )
        select {", ".join(selected)}, _blank, _shifted, _unlike, _words
        from (select *, string_split(record, '|') as parts from records)
        """
    )
