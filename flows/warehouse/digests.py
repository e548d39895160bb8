"""Digests of the warehouse's rows, which the ledger's events carry: a changed row does not match.

A digest is the number of rows and the exclusive or of their MD5s: it does not depend on an order.
A row is its columns by name without the empty ones, so a column that a contract gains later does
not change the digest of what was there.
"""

from collections.abc import Sequence

import duckdb

ABOUT_A_RETURN = ("returns", "outcomes", "checks", "findings", "quarantined", "dropped")
WHOLE = ("files", "standing")
MASK = (1 << 128) - 1
CHANGES = {"findings": ("cleared_at",)}  # what is brought up to date, and so is not in a digest


def digest_of(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    table: str,
    where: str = "true",
    values: Sequence[object] = (),
) -> str:
    """The digest of the rows of `warehouse.<schema>.<table>` that `where` names, as `rows:hex`."""
    columns = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'warehouse' "
        "and schema_name = ? and table_name = ? order by column_name",
        [schema, table],
    ).fetchall()
    kept = [name for (name,) in columns if name not in CHANGES.get(table, ())]
    row = ", ".join(f"""'{name}=' || cast("{name}" as varchar)""" for name in kept)
    found = connection.execute(
        f"select count(*), bit_xor(md5_number(concat_ws(chr(31), {row}))) "
        f"from warehouse.{schema}.{table} where {where}",
        list(values),
    ).fetchone()
    count, whole = found if found else (0, 0)
    return f"{count}:{(whole or 0) & MASK:032x}"


def of_return(
    connection: duckdb.DuckDBPyConnection, return_id: str, attempt: int, landed: Sequence[str]
) -> dict[str, str]:
    """The digests of everything the warehouse holds of a judgement of a return, by table.

    `landed`: the tables of its rows; a judgement that loaded none names none.
    """
    mine = ("return_id = ? and attempt = ?", [return_id, attempt])
    found = {
        f"ledger.{name}": digest_of(connection, "ledger", name, *mine) for name in ABOUT_A_RETURN
    }
    for name in landed:
        rows = digest_of(connection, "landed", name, "_return_id = ?", [return_id])
        found[f"landed.{name}"] = rows
    return found


def of_whole_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The digests of the ledger's tables that belong to no one return."""
    return {f"ledger.{name}": digest_of(connection, "ledger", name) for name in WHOLE}
