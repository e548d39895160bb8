"""E-mail addresses and telephone numbers are taken out of narrative before anyone reads it.

Nobody's name is looked for, and no code, sum or number: only columns that the contract calls free
text are touched.
"""

from collections.abc import Sequence

import duckdb

from flows.returns.contract import Column


def remove_contacts(connection: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> None:
    """Take contacts out of the free text in `raw_rows`, and list the cells in `cleaned_cells`.

    `cleaned_cells`: `_sheet`, `_row`, `column`. Needs the macros of `macros.sql`.
    """
    connection.execute(
        'create or replace table cleaned_cells (_sheet varchar, _row bigint, "column" varchar)'
    )
    for column in columns:
        if not column.free_text:
            continue
        name = f'"{column.name}"'
        found = connection.execute(
            f"insert into cleaned_cells select _sheet, _row, '{column.name}' from raw_rows "
            f"where names_contacts({name})"
        ).fetchone()
        if found and found[0]:
            connection.execute(
                f"update raw_rows set {name} = without_contacts({name}) "
                f"where names_contacts({name})"
            )
