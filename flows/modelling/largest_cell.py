"""Which landed cell most likely made a model fail: the largest number that the model reads."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from flows.authority.places import places_in_use
from flows.common.settings import Settings
from flows.returns.column import Column
from flows.returns.contract import Table, read_contracts
from flows.returns.convert import load_macros
from flows.warehouse.connection import reading
from flows.warehouse.in_force import IN_FORCE_AS_OF

# How DuckDB says that a number does not fit.
TOO_LARGE = re.compile(r"(?i)overflow|out of range|conversion error|could not cast|casting value")
# What a cell of each type stays below (macros.sql): by it the sizes of two columns are compared.
MOST = {"money": "most_money()", "number": "most_number()", "integer": "most_number()"}


def where_too_large(settings: Settings, results: Path, as_of: datetime) -> str:
    """Where the number stands that a node of dbt could not hold, as a sentence after a space.

    `results`: what became of each node. '' where none failed because of a size.
    """
    nodes = json.loads(results.read_text(encoding="utf-8"))["results"]
    reads = {node["unique_id"]: node["reads"] for node in nodes}
    for node in nodes:
        if node["status"] == "error" and TOO_LARGE.search(node["message"] or ""):
            sentence = largest_cell(settings, landed_below(node["unique_id"], reads), as_of)
            return f" {sentence}" if sentence else ""
    return ""


def landed_below(node: str, reads: Mapping[str, Sequence[str]]) -> set[str]:
    """The landed tables that a node of dbt rests on; `reads`: the nodes that each refers to."""
    found: set[str] = set()
    seen: set[str] = set()
    ahead = [node]
    while ahead:
        one = ahead.pop()
        if one in seen:
            continue
        seen.add(one)
        if one.startswith("source.") and one.split(".")[2] == "landed":
            found.add(one.split(".")[3])
        ahead.extend(reads.get(one, []))
    return found


def largest_cell(settings: Settings, names: set[str], as_of: datetime) -> str | None:
    """A sentence that names return, file, row and column of the largest number in force.

    `names`: the landed tables that are looked at. None where they hold no number.
    """
    tables = {
        name: table
        for contract in read_contracts(places_in_use(settings).contracts).values()
        for name, table in contract.tables.items()
        if name in names
    }
    cells = " union all ".join(
        _cells(name, table, column)
        for name, table in tables.items()
        for column in table.columns
        if column.type in MOST and column.privacy != "personal"
    )
    if not cells:
        return None
    with reading(settings) as connection:
        load_macros(connection)
        found = connection.execute(
            f"""
            select r."return", r.file_name, _sheet, _row, "column", "value"
            from ({cells}) as cells join ({IN_FORCE_AS_OF}) as r on r.return_id = cells._return_id
            order by size desc, r.return_id, _sheet, _row limit 1
            """,
            {"as_of": as_of},
        ).fetchone()
    if found is None:
        return None
    return_name, file_name, sheet, row, column, value = found
    where = f"{file_name}, sheet {sheet}" if sheet else file_name
    shown = f" ({value})" if value is not None else ""
    return (
        f"The largest number that it reads stands in {return_name}, {where}, row {row}, column "
        f"{column}{shown}: look there first."
    )


def _cells(name: str, table: Table, column: Column) -> str:
    """A landed column's cells, and how near each comes to what its type stays below."""
    cell = f'"{column.name}"'
    shown = f"cast({cell} as varchar)" if table.shows(column) else "cast(null as varchar)"
    return (
        f'select _return_id, _sheet, _row, \'{column.name}\' as "column", {shown} as "value", '
        f"abs(cast({cell} as double)) / {MOST[column.type]} as size "
        f"from warehouse.landed.{name} where {cell} is not null"
    )
