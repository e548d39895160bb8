"""`ingest --explain`: what was seen in a file, column by column, and what would become of it.

Nothing is kept. It reads as far as it can, and says why it went no further.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field

import duckdb

from flows.common.rejection import Rejected
from flows.common.settings import Settings
from flows.intake.stages import Tables, date_tables, read, type_tables
from flows.intake.submission import Sent
from flows.intake.take_in import Rules, identify
from flows.returns.contract import Contract, Table, plain
from flows.returns.convert import load_macros
from flows.returns.file import look_at
from flows.returns.header import Header
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.workspace import corner
from flows.warehouse import connection as door

MOST_CELLS = 20  # of a column that are listed


@dataclass(frozen=True)
class SeenColumn:
    """A column of the file, counted from 1, the contract's column it is, and why."""

    place: int
    header: str
    column: str
    why: str


@dataclass(frozen=True)
class SeenHeader:
    """A row that was taken for a header, and what its columns are; `sheet` is '' in a CSV."""

    table: str
    sheet: str
    row: int
    layout: str
    columns: list[SeenColumn]
    left_out: list[str]
    not_found: list[str]


@dataclass(frozen=True)
class UnreadCell:
    """A cell that holds text and no value; `value` is None where it is personal."""

    sheet: str
    row: int
    value: str | None


@dataclass(frozen=True)
class UnreadColumn:
    """The cells of a column that do not read: how many, the first of them, and what follows."""

    column: str
    cells: int
    what_happens: str
    first: list[UnreadCell]


@dataclass
class Explanation:
    """What was seen in a file; `refused` says why it cannot be taken, where it cannot."""

    file: str
    return_name: str
    sender: str | None = None
    reader: str | None = None
    encoding: str | None = None
    headers: list[SeenHeader] = field(default_factory=list)
    sheets_left_out: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)
    unreadable: list[UnreadColumn] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    note: str | None = None
    refused: str | None = None

    def as_json(self) -> dict[str, object]:
        """The explanation as one JSON object."""
        found = asdict(self)
        found["return"] = found.pop("return_name")
        return found


def explain(sent: Sent, rules: Rules, settings: Settings) -> Explanation:
    """Read the file as `take_in` would, keep nothing, and say what was seen."""
    contract = rules.contracts[sent.return_name]
    found = Explanation(sent.file_name, sent.return_name)
    try:
        file = look_at(sent.path, sent.file_name, settings.largest_file_mb)
        owner, stranger = identify(sent, contract)
        found.sender = owner.sender or None
        found.note = stranger.reason if stranger else None
        with (
            door.scratch(settings, may_spill=not contract.has_personal) as connection,
            WorkbookReader() as reader,
        ):
            load_macros(connection)
            tables = read(connection, file, contract, owner, settings, reader)
            _see(found, tables, contract)
            type_tables(connection, contract, tables, file)
            found.rows = _fates(connection, tables)
            found.unreadable = _unreadable(connection, tables, contract)
            found.periods = date_tables(connection, contract, tables, owner, file).periods
    except Rejected as rejected:
        found.refused = rejected.reason
    return found


def _see(found: Explanation, tables: Tables, contract: Contract) -> None:
    own = tables[contract.return_name]
    found.reader, found.encoding = own.how, own.encoding
    found.headers = [
        _header(header, name, contract.tables[name])
        for name, raw in tables.items()
        for header in raw.headers
    ]
    found.sheets_left_out = own.left_out
    found.aside = dict(
        sorted(Counter(aside.why for raw in tables.values() for aside in raw.aside).items())
    )


def _header(header: Header, name: str, table: Table) -> SeenHeader:
    by_place = sorted(header.columns.items(), key=lambda pair: pair[1])
    return SeenHeader(
        table=name,
        sheet=header.sheet,
        row=header.row,
        layout=header.layout,
        columns=[
            SeenColumn(place + 1, header.names[place], column, _why(header, column, place, table))
            for column, place in by_place
        ],
        left_out=list(header.unknown),
        not_found=[one.name for one in table.columns if one.name not in header.columns],
    )


def _why(header: Header, name: str, place: int, table: Table) -> str:
    said = plain(header.names[place])
    if said == plain(name):
        return "the contract's own name"
    aliases = [plain(alias) for alias in table.column(name).aliases]
    if said in aliases:
        return f"alias {aliases.index(said) + 1} of the contract"
    return f"layout {header.layout}"


def _fates(connection: duckdb.DuckDBPyConnection, tables: Tables) -> dict[str, int]:
    parts = " union all ".join(f'select _fate from "{name}".typed_rows' for name in tables)
    rows = connection.execute(
        f"select _fate, count(*) from ({parts}) group by _fate order by _fate"
    ).fetchall()
    return {str(fate): int(count) for fate, count in rows}


def _unreadable(
    connection: duckdb.DuckDBPyConnection, tables: Tables, contract: Contract
) -> list[UnreadColumn]:
    found: list[UnreadColumn] = []
    for name in tables:
        with corner(connection, name) as its:
            counted = its.execute(
                'select "column", if_unreadable, count(*) from unread_cells '
                "group by all order by 1, 2"
            ).fetchall()
            found += [
                UnreadColumn(
                    column=str(column),
                    cells=int(cells),
                    what_happens="the rows are quarantined"
                    if then == "quarantine"
                    else "left blank",
                    first=_first_cells(its, str(column), column in contract.tables[name].personal),
                )
                for column, then, cells in counted
            ]
    return found


def _first_cells(
    connection: duckdb.DuckDBPyConnection, column: str, personal: bool
) -> list[UnreadCell]:
    rows = connection.execute(
        'select _sheet, _row, said from unread_cells where "column" = ? '
        f"order by _sheet, _row limit {MOST_CELLS}",
        [column],
    ).fetchall()
    return [UnreadCell(sheet, int(row), None if personal else said) for sheet, row, said in rows]
