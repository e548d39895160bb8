"""Whether a return can be taken for its period: a share of its rows may be of another one."""

import duckdb

from flows.returns.contract import Contract
from flows.returns.covered_periods import Covered, is_outside
from flows.returns.derive import landed_columns
from flows.warehouse.filing import Filing
from flows.warehouse.in_force import IN_FORCE

SHARE = 0.25  # of a return's rows that may be dated outside it before somebody is asked
REPEATED = 0.05  # and if such rows stand in other returns already


def why_doubt(
    connection: duckdb.DuckDBPyConnection, contract: Contract, covered: Covered, filing: Filing
) -> str | None:
    """Why a return must wait for a confirmation because of its dates; None if it need not.

    Asks the attached warehouse which of its rows stand in other returns of the sender in force.
    """
    if not covered.stray_rows:
        return None
    strays, rows = _stray_and_all(connection, contract, covered)
    if strays < max(2, REPEATED * rows):  # one date may be mistyped in any file
        return None
    repeated = _repeated(connection, contract, filing)
    if not repeated and strays < SHARE * rows:
        return None
    doubt = (
        f"{strays} of {rows} rows are dated outside {' and '.join(covered.periods)}, "
        f"and will count in the {contract.period.every} of their date"
    )
    return f"{doubt}{repeated}: confirm that they belong to it"


def _stray_and_all(
    connection: duckdb.DuckDBPyConnection, contract: Contract, covered: Covered
) -> tuple[int, int]:
    """How many rows that would land are dated outside the periods, and how many would land."""
    row = connection.execute(
        f"select count(*) filter ({is_outside(contract, covered.periods)}), count(*) "
        f'from "{contract.return_name}".kept_rows'
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _repeated(connection: duckdb.DuckDBPyConnection, contract: Contract, filing: Filing) -> str:
    """Which rows stand line for line in another return of the sender that is in force."""
    landed = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'warehouse' "
        "and schema_name = 'landed' and table_name = ?",
        [contract.return_name],
    ).fetchone()
    if landed is None:
        return ""
    columns = list(landed_columns(contract.columns))
    names = ", ".join(f'"{name}"' for name in columns)
    alike = " and ".join(f'k."{name}" is not distinct from r."{name}"' for name in columns)
    found = connection.execute(
        f"""
        with elsewhere as (
            select l.* from warehouse.landed."{contract.return_name}" as l
            join ({IN_FORCE}) as s on s.return_id = l._return_id
            where s.sender = ? and s.filing_id <> ?
        ),
        repeated as (
            select {names} from "{contract.return_name}".kept_rows
            intersect all select {names} from elsewhere
        )
        select (select count(*) from repeated), min(_row), max(_row)
        from "{contract.return_name}".kept_rows as k
        where exists (select 1 from repeated as r where {alike})
        """,
        [filing.sender, filing.filing_id],
    ).fetchone()
    if found is None or not found[0]:
        return ""
    return (
        f"; {found[0]} rows, from row {found[1]} to row {found[2]}, stand line for line in other "
        "returns in force"
    )
