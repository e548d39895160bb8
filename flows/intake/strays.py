"""Whether a return can be taken for its periods: some of its rows may be those of another file."""

import duckdb

from flows.returns.contract import Contract
from flows.returns.covered_periods import Covered, is_outside
from flows.returns.derive import landed_columns
from flows.warehouse.digests import has_landed
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
    return _overlap(connection, contract, covered, filing) or _outside(
        connection, contract, covered, filing
    )


def _overlap(
    connection: duckdb.DuckDBPyConnection, contract: Contract, covered: Covered, filing: Filing
) -> str | None:
    """A file that would replace some months of another, which is for others too, as this one is.

    One for months within the other's mends it, and one for all of them and more is sent anew.
    """
    found = connection.execute(
        f"""
        with standing as (
            select distinct period, filing_id, file_name from ({IN_FORCE})
            where "return" = $return_name and sender = $sender and part = $part
              and filing_id <> $filing_id
        )
        select file_name, list(period order by period) filter (list_contains($periods, period)),
               list(period order by period) filter (not list_contains($periods, period))
        from standing group by filing_id, file_name
        having count(*) filter (list_contains($periods, period)) between 1 and len($periods) - 1
           and count(*) filter (not list_contains($periods, period)) > 0
        order by file_name limit 1
        """,
        {
            "return_name": filing.return_name,
            "sender": filing.sender,
            "part": filing.part,
            "filing_id": filing.filing_id,
            "periods": covered.periods,
        },
    ).fetchone()
    if found is None:
        return None
    file_name, both, others = found
    return (
        f"{' and '.join(both)} stands in force from {file_name}, which is for "
        f"{' and '.join(others)} too{_repeated(connection, contract, filing)}: confirm that this "
        "file replaces it there"
    )


def _outside(
    connection: duckdb.DuckDBPyConnection, contract: Contract, covered: Covered, filing: Filing
) -> str | None:
    """A share of the rows is dated outside the return's periods."""
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
    twice = ", and would count twice" if repeated else ""
    return f"{doubt}{repeated}{twice}: confirm that they belong to it"


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
    if not has_landed(connection, contract.return_name):
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
