"""Several records in one cell, as Contracts Finder writes the suppliers of a notice: a row each.

The first keeps the cell's place; the others stand at the same row of a sheet that is named after
the record (`record 2`), so that each row leads back to its cell.
"""

import duckdb

from flows.returns.contract import Packed, Table


def unpack(connection: duckdb.DuckDBPyConnection, table: Table, packed: Packed) -> None:
    """Put a row for each record in the place of each row of `raw_rows` with a packed cell.

    A cell that is not packed stays as it is. A record of too few parts keeps its first alone.
    """
    loose, count = packed.parts.index(packed.loose) + 1, len(packed.parts)
    surplus = f"len(parts) - {count}"
    found: dict[str, str] = {}
    for place, part in enumerate(packed.parts, start=1):
        if place == loose:
            found[part] = f"array_to_string(parts[{place}:{place} + {surplus}], '|')"
        else:
            found[part] = f"parts[{place if place < loose else f'{place} + {surplus}'}]"
    values = {name: found[name] for name in packed.columns if name in found}
    for kind, name in packed.numbers.items():
        values[name] = f"case when {found['kind']} = '{kind}' then {found['number']} end"
    first = packed.parts[0]
    selected = [
        "case when place = 1 then _sheet else trim(_sheet || ' record ' || place) end as _sheet",
        "_row",
    ]
    for column in (one.name for one in table.columns):
        if column in values:
            short = "parts[1]" if column == first else "null"
            value = f"case when len(parts) < {count} then {short} else {values[column]} end"
            selected.append(f'case when parts is null then "{column}" else {value} end')
        elif column in packed.once:
            selected.append(f'case when place = 1 then "{column}" end')
        else:
            selected.append(f'"{column}"')
        selected[-1] += f' as "{column}"'
    connection.execute(
        f"""
        create or replace table raw_rows as
        with records as (
            select raw.*, unnest(
                case when "{packed.column}" like '[%|%]'
                then string_split(trim("{packed.column}", '[] '), '][') else [null] end
            ) as record, generate_subscripts(
                case when "{packed.column}" like '[%|%]'
                then string_split(trim("{packed.column}", '[] '), '][') else [null] end, 1
            ) as place
            from raw_rows as raw
        )
        select {", ".join(selected)}, _blank, _beyond, _words
        from (select *, string_split(record, '|') as parts from records)
        """
    )
