"""A home with the demo's two years told again for years before: ten years of it are five tellings.

Ids, file hashes, contracts and awards get the number of the telling; dates, periods and moments go
back. Events too are as many as they would be, but their chain leads nowhere: no `audit check` here.
"""

from pathlib import Path

import duckdb

TELLINGS_APART = 2  # years
FILES = {"sha256", "_return_id", "return_id", "filing_id"}
KEYS = {"contract_reference", "award_reference", "evidence_reference", "transaction_number"}
LEDGER = ("files", "returns", "standing", "outcomes", "checks", "findings", "quarantined")


def tell_again(warehouse: Path, years: int) -> None:
    """Put what stands in the warehouse in again, so that it has so many years."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as warehouse")
        found = connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'warehouse' and schema_name = 'landed'"
        ).fetchall()
        tables = [f"ledger.{name}" for name in (*LEDGER, "dropped", "events")]
        tables += [f"landed.{name}" for (name,) in found]
        for table in tables:
            connection.execute(f"create temp table once as from warehouse.{table}")
            for telling in range(1, years // TELLINGS_APART):
                _tell(connection, table, telling)
            connection.execute("drop table once")
        connection.execute("checkpoint warehouse")


def _tell(connection: duckdb.DuckDBPyConnection, table: str, telling: int) -> None:
    described = connection.execute("describe once").fetchall()
    cells = ", ".join(_cell(str(name), str(kind), telling) for name, kind, *_ in described)
    connection.execute(f"insert into warehouse.{table} select {cells} from once")


def _cell(name: str, kind: str, telling: int) -> str:
    """A column as that telling has it."""
    column, back = f'"{name}"', telling * TELLINGS_APART
    if kind in ("DATE", "TIMESTAMP"):
        return f"cast({column} - interval {back} years as {kind})"
    if name in ("period", "quarter", "month"):
        return _years_back(column, back)
    if name in ("_return_id", "return_id"):  # a filing's id, and a period; or what is owed
        head, tail = f"split_part({column}, '/', 1)", f"split_part({column}, '/', 2)"
        return f"{head} || '-{telling}/' || {_years_back(tail, back)}"
    if name in FILES or name in KEYS or name == "finding_id":
        return f"{column} || '-{telling}'"
    if name == "seq":  # before all that has happened: what is newest stays so
        return f"{column} - {telling} * 1000000"
    return column


def _years_back(text: str, back: int) -> str:
    """`2021-04` and `2021-22 Q1`, so many years before."""
    first = f"cast(try_cast({text}[1:4] as integer) - {back} as varchar)"
    second = f"printf('%02d', try_cast({text}[6:7] as integer) - {back})"
    is_month = f"regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}') and {text}[6:7] <= '12'"
    return (
        f"case when try_cast({text}[1:4] as integer) is null then {text} "
        f"when {is_month} then {first} || {text}[5:] "
        f"else {first} || '-' || {second} || {text}[8:] end"
    )
