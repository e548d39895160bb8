"""Sums in other currencies become pounds, where the contract says so, by the seed `exchange_rates`.

A row without a rate for its month stays unread in its currency, as all are of other contracts.
"""

from collections.abc import Collection

import duckdb

from flows.returns.contract import Table


def convert_currencies(
    connection: duckdb.DuckDBPyConnection, table: Table, found: Collection[str]
) -> None:
    """Convert the sums of `typed_rows`, and list them as they were in `converted_cells`.

    `found`: the columns that the file has. Asks `seeds.exchange_rates` of the database.
    """
    connection.execute(
        "create or replace table converted_cells (_sheet varchar, _row bigint, "
        '"column" varchar, "value" varchar, currency varchar, month varchar, rate varchar)'
    )
    on = table.converts_currencies_on
    if on is None or not {on, "currency"} <= set(found):
        return
    connection.execute(
        f"""
        create or replace temp table rates_of_rows as
        select raw._sheet, raw._row, rates.currency as code, rates.month,
               rates.units_for_a_pound as rate,
               cast(rates.units_for_a_pound as decimal(18, 6)) as units
        from raw_rows as raw
        join typed_rows as typed using (_sheet, _row)
        join seeds.exchange_rates as rates on rates.month = strftime(typed."{on}", '%Y-%m')
         and list_contains(string_split(lower(concat_ws('; ', rates.currency, rates.words)), '; '),
                           lower(trim(raw.currency)))
        where typed._kind = 'row' and typed.currency is null
        """
    )
    for column in table.columns:
        if column.type != "money" or column.name not in found:
            continue
        name = f'"{column.name}"'
        value = f"code || ' ' || {name}" if table.shows(column) else "null"
        connection.execute(
            f"insert into converted_cells select _sheet, _row, '{column.name}', {value}, code, "
            "month, rate from typed_rows join rates_of_rows using (_sheet, _row) "
            f"where {name} is not null"
        )
        connection.execute(
            f"update typed_rows set {name} = in_pounds(typed_rows.{name}, rates.units) "
            "from rates_of_rows as rates "
            "where typed_rows._sheet = rates._sheet and typed_rows._row = rates._row"
        )
    connection.execute(
        "update typed_rows set currency = 'GBP' from rates_of_rows as rates "
        "where typed_rows._sheet = rates._sheet and typed_rows._row = rates._row"
    )
