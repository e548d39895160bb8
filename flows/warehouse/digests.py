"""Digests of the warehouse's rows, which the ledger's events carry: a changed row does not match.

A digest is the number of rows and the exclusive or of their MD5s: it does not depend on an order.
A row is its columns by name without the empty ones, so a column that a contract gains later does
not change the digest of what was there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

ABOUT_A_RETURN = ("returns", "outcomes", "checks", "findings", "quarantined", "dropped")
WHOLE = ("files", "standing")
CHANGES = ("cleared_at",)  # what is brought up to date, and so is in no digest
MASK = (1 << 128) - 1


@dataclass(frozen=True)
class Part:
    """Rows of a table of the warehouse: those that the condition names, of its `values`."""

    schema: str
    table: str
    where: str = "true"
    values: tuple[object, ...] = ()

    @property
    def name(self) -> str:
        """The table with its schema."""
        return f"{self.schema}.{self.table}"


def of_return(
    connection: duckdb.DuckDBPyConnection, return_id: str, attempt: int, landed: Sequence[str]
) -> dict[str, str]:
    """The digests of everything the warehouse holds of a judgement of a return, by table.

    `landed`: the tables of its rows; a judgement that loaded none names none.
    """
    mine = ("return_id = ? and attempt = ?", (return_id, attempt))
    parts = [Part("ledger", table, *mine) for table in ABOUT_A_RETURN]
    parts += [Part("landed", table, "_return_id = ?", (return_id,)) for table in landed]
    return digests_of(connection, parts)


def of_whole_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The digests of what belongs to no one return: tables, and findings across returns."""
    parts = [Part("ledger", table) for table in WHOLE]
    return digests_of(connection, [*parts, Part("ledger", "findings", "attempt = 0")])


def digests_of(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> dict[str, str]:
    """The digest of each part, as `rows:hex`, by the table's name."""
    asked = " union all ".join(
        _digest(part, sorted(set(columns_of(connection, part.name)) - set(CHANGES)))
        for part in parts
    )
    rows = connection.execute(asked, [v for part in parts for v in part.values]).fetchall()
    return {str(name): f"{count}:{(whole or 0) & MASK:032x}" for name, count, whole in rows}


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a table of the attached warehouse, such as `ledger.files`.

    Of this table alone: `duckdb_columns()` goes through every table there is, and a round of files
    has thousands beside the warehouse.
    """
    told = connection.execute(f"select * from warehouse.{table} limit 0").description
    return [str(column[0]) for column in told or []]


def _digest(part: Part, columns: Sequence[str]) -> str:
    row = ", ".join(f"""'{name}=' || cast("{name}" as varchar)""" for name in columns)
    return (
        f"select '{part.name}', count(*), bit_xor(md5_number(concat_ws(chr(31), {row}))) "
        f"from warehouse.{part.name} where {part.where}"
    )
