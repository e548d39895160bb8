"""A measure by another framework's code: read as the measure it names, where it names but one.

What a code names is what the seeds `measure_frameworks` and `framework_codes` say: the measures
that are known by it, and by the codes within it. A code that names several stays unread.
"""

from collections.abc import Sequence

import duckdb

from flows.returns.column import Column
from flows.returns.contract import Table

NAMED = """
create or replace temp table named_by_codes as
with recursive held as (
    select links.measure_id, codes.code, codes.framework, codes.within
    from seeds.measure_frameworks as links join seeds.framework_codes as codes using (code)
    union
    select held.measure_id, holders.code, holders.framework, holders.within
    from held join seeds.framework_codes as holders on held.within = holders.code
)
select upper(trim(held.code)) as code, any_value(held.framework) as framework,
       count(*) = 1 as is_one, min(measures.measure_id) as measure,
       string_agg(measures.measure_id || ' (' || measures.title || ')', ', '
                  order by measures.measure_id) as choices
from held join seeds.measures as measures using (measure_id)
-- what the authority itself, or a template, calls a measure means that one
where upper(trim(held.code)) not in (
    select upper(measure_id) from seeds.measures union all
    select upper(code) from seeds.measure_aliases)
group by upper(trim(held.code))
"""


def read_framework_codes(
    connection: duckdb.DuckDBPyConnection, table: Table, found: Sequence[Column]
) -> None:
    """Put the measure in the place of a code of `typed_rows`, and list the code in `coded_cells`.

    `found`: the columns that the file has. A code that names several measures stays, and is listed
    without one. Asks the seeds of the database.
    """
    connection.execute(
        'create or replace table coded_cells (_sheet varchar, _row bigint, "column" varchar, '
        '"value" varchar, framework varchar, measure varchar, choices varchar)'
    )
    columns = [column for column in found if column.reads_framework_codes]
    if columns:
        connection.execute(NAMED)
    for column in columns:
        name = f'"{column.name}"'
        value = name if table.shows(column) else "null"
        connection.execute(
            f"insert into coded_cells select _sheet, _row, '{column.name}', {value}, framework, "
            "case when is_one then measure end, choices from typed_rows "
            f"join named_by_codes on code = upper({name}) where _kind = 'row'"
        )
        connection.execute(
            f"update typed_rows set {name} = c.measure from coded_cells as c "
            f"where c.measure is not null and c.\"column\" = '{column.name}' "
            "and typed_rows._sheet = c._sheet and typed_rows._row = c._row"
        )
