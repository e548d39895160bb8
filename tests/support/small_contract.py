"""What the tests of typing and of headers share: small contracts, and text turned into values."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from flows.returns.contract import Contract
from flows.returns.convert import load_macros, type_rows
from flows.returns.header import Header
from flows.returns.rows import RawRows, insert_rows, make_raw_rows


def contract(*columns: dict[str, Any], **changes: Any) -> Contract:
    """A contract of these columns (each gets a meaning), its month read from the file's name."""
    return Contract.model_validate(
        {
            "return": "small",
            "version": "1",
            "title": "A small return",
            "grain": "a row",
            "delivery": "whole",
            "period": {"every": "month", "read_from": ["file_name"]},
            "columns": [{"meaning": "what it is", **column} for column in columns],
            **changes,
        }
    )


@contextmanager
def typed(of: Contract, rows: Sequence[Sequence[str]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A scratch database in which `rows` (from row 2 on) went from text to values."""
    names = [column.name for column in of.columns]
    header = Header(1, {name: place for place, name in enumerate(names)}, names, "general")
    with duckdb.connect() as connection:
        load_macros(connection)
        make_raw_rows(connection, of)
        insert_rows(connection, enumerate(rows, start=2), header, of.money)
        type_rows(connection, of, RawRows([header], [], "utf-8", "python"), "small.csv")
        yield connection


def values(kind: str, texts: Sequence[str], **column: Any) -> list[Any]:
    """What a column of that type makes of each text; None where it makes nothing of it."""
    of = contract(
        {"name": "number", "type": "text", "required": True},
        {"name": "cell", "type": kind, **column},
    )
    with typed(of, [[f"row {place}", text] for place, text in enumerate(texts)]) as connection:
        rows = connection.execute("select cell from typed_rows order by _row").fetchall()
        unread = connection.execute(
            'select _row - 2, text from unread_cells where "column" = ?', ["cell"]
        )
        found = [value for (value,) in rows]
        # A cell that gave nothing is listed as unread with its text, and no other cell is.
        assert dict(unread.fetchall()) == {
            place: texts[place]
            for place, value in enumerate(found)
            if value is None and texts[place].strip()
        }
    return found
