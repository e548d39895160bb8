"""A file of any kind into the scratch database: its first bytes decide which reader reads it."""

from datetime import date
from pathlib import Path

import duckdb

from flows.common.errors import Rejected
from flows.returns.contract import Contract
from flows.returns.file import File, as_utf8, kind_of
from flows.returns.readers.csv_files import first_rows, read_csv
from flows.returns.readers.open_contracting import read_ocds
from flows.returns.readers.sandbox import WorkbookReader
from flows.returns.readers.workbooks import open_sheets, read_workbook
from flows.returns.rows import RawRows
from flows.returns.workspace import workspace


def read_tables(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    scratch: Path,
    contract: Contract,
    sender: str,
    on: date,
    reader: WorkbookReader,
) -> dict[str, RawRows]:
    """The file's rows as `raw_rows` in each table's workspace, and the headers above them.

    Returns them by the name that the table's rows land under. Raises Rejected where the file is no
    table, is damaged, or has no header of the contract's.
    """
    tables = _read(connection, file, scratch, contract, sender, on, reader)
    for name, raw in tables.items():
        with workspace(connection, name) as inside:
            _refuse_unlike(inside, file, raw)
    return tables


def _refuse_unlike(connection: duckdb.DuckDBPyConnection, file: File, raw: RawRows) -> None:
    """Refuse two columns of one heading that say different things: nobody can say which counts."""
    if not any(header.twins for header in raw.headers):
        return
    row = connection.execute(
        "select _unlike, _sheet, _row from raw_rows where _unlike is not null limit 1"
    ).fetchone()
    if row is None:
        return
    header = next(one for one in raw.headers if row[0] in one.twins and one.sheet == row[1])
    places = [header.columns[row[0]], *header.twins[row[0]]]
    heading = " ".join(header.names[places[0]].split())
    numbers = " and ".join(str(place + 1) for place in places)
    where = f"{file.name}, sheet {header.sheet}" if header.sheet else file.name
    raise Rejected(
        "match",
        f"{where}, row {header.row}: columns {numbers} are "
        f"both called {heading}, and differ in row {row[2]}: leave one out, or give it a name of "
        "its own.",
    )


def _read(
    connection: duckdb.DuckDBPyConnection,
    file: File,
    scratch: Path,
    contract: Contract,
    sender: str,
    on: date,
    reader: WorkbookReader,
) -> dict[str, RawRows]:
    kind = kind_of(file)
    if kind == "workbook":
        return read_workbook(connection, file, scratch, contract, sender, on, reader)
    if kind == "json" and not contract.open_contracting:
        raise Rejected("read", f"{file.name} is JSON, not a table: send it as CSV or a workbook.")
    with as_utf8(file, scratch) as text, workspace(connection, contract.return_name) as inside:
        if kind == "json":
            rows = read_ocds(inside, file, text, contract)
        else:
            rows = read_csv(inside, file, text, contract, sender, on)
        return {contract.return_name: rows}


def look_at_sheets(
    file: File, scratch: Path, contract: Contract, sender: str, on: date
) -> dict[str, list[list[str]]]:
    """The file's first rows or more, by sheet ('' in a CSV), whether or not a header is among them.

    Raises Rejected where the file is no table or is damaged.
    """
    if kind_of(file) == "workbook":
        with WorkbookReader() as reader:
            return open_sheets(file, scratch, reader)
    with as_utf8(file, scratch) as text:
        return {"": first_rows(file, text, contract, sender, on)}
