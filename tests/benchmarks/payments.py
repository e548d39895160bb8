"""A payments file of any size and its vendor master, the same rows every time."""

from pathlib import Path

import duckdb

SUPPLIERS = 5000
# Postcodes of the city region, of its neighbours and of nowhere.
POSTCODES = ["L3 1BP", "CH41 5EU", "WA10 1HP", "PR8 1DA", "M1 1AE", "CH1 2NU", "ZZ99 9ZZ"]


def write_payments(path: Path, rows: int, bad_every: int = 0) -> None:
    """Write `rows` payment lines of April 2022; every `bad_every`-th has an unreadable amount."""
    amount = "printf('%.2f', ((i * 7919) % 1000000 - 20000) / 100.0)"
    if bad_every:
        amount = f"case when i % {bad_every} = 0 then 'TBC' else {amount} end"
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select 'Liverpool City Region Combined Authority' as "Body name",
                       'Directorate ' || (i % 9) as "Directorate",
                       'Service ' || (i % 97) as "Service area",
                       'Expense ' || (i % 53) as "Expenses type",
                       strftime(date '2022-04-01' + cast(i % 30 as integer), '%d/%m/%Y')
                           as "Date paid",
                       'T' || i as "Transaction number",
                       {amount} as "Net amount",
                       'Supplier ' || (i % {SUPPLIERS}) || ' Limited' as "Supplier name",
                       's' || (i % {SUPPLIERS}) as "Supplier ID",
                       strftime(date '2022-03-01' + cast(i % 28 as integer), '%d/%m/%Y')
                           as "Invoice received date"
                from range({rows}) as t(i)
            ) to '{path}' (format csv, header true)
            """
        )


def write_vendors(path: Path) -> None:
    """Write the vendor master of the same month."""
    codes = ", ".join(f"'{code}'" for code in POSTCODES)
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select 's' || i as "Supplier ID", 'Supplier ' || i || ' Limited' as "Supplier name",
                       ([{codes}])[1 + i % {len(POSTCODES)}] as "Postcode",
                       (['micro', 'small', 'medium', 'large', ''])[1 + i % 5] as "Size",
                       (['Yes', 'No'])[1 + i % 2] as "VCSE"
                from range({SUPPLIERS}) as t(i)
            ) to '{path}' (format csv, header true)
            """
        )
