"""A payments file of any size, written by DuckDB in a moment; the same rows every time."""

from pathlib import Path

import duckdb


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
                       'Supplier ' || (i % 5000) || ' Limited' as "Supplier name",
                       's' || (i % 5000) as "Supplier ID"
                from range({rows}) as t(i)
            ) to '{path}' (format csv, header true)
            """
        )
