"""Rows whose cells stand under the wrong columns: a comma that nobody quoted makes two of one.

None of their cells may land in another column, least of all a sum that is cut at its thousands.
"""

from collections.abc import Sequence

import duckdb

from flows.returns.contract import Table
from flows.returns.header import Header

# 1,234.50 and 1,234,567.89 as a comma cuts them: what stands before it, and what follows.
BEFORE, AFTER = r"[-+(£ ]*[1-9]\d{0,2}", r"(\d{3},)*\d{3}\.\d{2}[)-]?(,.*)?"
NO_PENCE = r"[-+(£ ]*[1-9]\d*[)-]?"
FEW = 0.05  # of a column's sums that may be without pence where a sum with a comma has them
MANY = 0.5  # of a sheet's rows with cells under no heading: a column that nobody named


def how_shifted(header: Header, cells: Sequence[str], money: str | None) -> str:
    """How a row seems to have shifted, in SQL: `beyond` the header, `cut` at a comma, `unnamed`.

    `cells`: the names of the row's cells; one more than the header has gathers what is beyond it.
    Null where a row has not shifted.
    """
    named = max((place for place, name in enumerate(header.names) if name), default=-1) + 1
    last = len(header.names)
    cases = []
    if len(cells) > last:
        cases.append(f"when {cells[last]} is not null then 'beyond'")
    place = header.columns.get(money or "")
    if place is not None and place + 1 < len(cells):
        sum_, following = f"trim({cells[place]})", ", ".join(cells[place + 1 : place + 4])
        cases.append(
            f"when length({cells[place]}) < 8 and regexp_full_match({sum_}, '{BEFORE}') "
            f"and regexp_full_match(concat_ws(',', {following}), '{AFTER}') then 'cut'"
        )
    if named < last:
        unnamed = ", ".join(f"nullif(trim({cell}), '')" for cell in cells[named:last])
        cases.append(f"when coalesce({unnamed}) is not null then 'unnamed'")
    return f"case {' '.join(cases)} end" if cases else "null"


def select_shifted(connection: duckdb.DuckDBPyConnection, table: Table, has_money: bool) -> str:
    """The rows of `raw_rows` that have shifted, as SQL of `_sheet` and `_row`.

    In a workbook a cell beyond the header is somebody's note, unless the table's sum may be in it.
    """
    found = connection.execute("select distinct _shifted from raw_rows").fetchall()
    taken = ["_shifted = 'beyond'"]
    if ("cut",) in found and has_money and _prints_pence(connection, table):
        taken.append("_shifted = 'cut'")
    if ("unnamed",) in found:
        few = (
            "select _sheet from raw_rows where not _blank group by _sheet "
            f"having count(*) filter (where _shifted = 'unnamed') <= {MANY} * count(*)"
        )
        taken.append(f"_shifted = 'unnamed' and _sheet in ({few})")
    where = "true" if has_money else "_sheet = ''"
    return f"select _sheet, _row from raw_rows where ({' or '.join(taken)}) and {where}"


def _prints_pence(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether nearly all sums are written with pence: what has thousands has these too."""
    row = connection.execute(
        f"select count(*) filter (regexp_full_match(trim(\"{table.money}\"), '{NO_PENCE}')), "
        f"count(*) from raw_rows where _shifted is distinct from 'cut' "
        f"and nullif(trim(\"{table.money}\"), '') is not null"
    ).fetchone()
    bare, sums = row or (0, 0)
    return bool(bare <= FEW * sums)
