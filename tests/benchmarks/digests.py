"""Digests of a million rows, beside the XOR of MD5 that they were in schema version 1.

Both are made in one run, over the same rows; CPU seconds, the best of five. The new ones may take
three times as long as the old at most, which anybody could forge.
"""

import time

import duckdb

from flows.warehouse.digests import Part, digests_of

MOST = 3.0
MADE = """
    create table warehouse.landed.t as
    select i as transaction_number, date '2022-04-01' + cast(i % 90 as integer) as payment_date,
           'Supplier ' || (i % 5000) || ' Ltd' as supplier_name,
           'Directorate ' || (i % 9) as directorate,
           cast(i * 37 % 1000000 / 100.0 as decimal(18, 2)) as amount,
           'Revenue services ' || (i % 50) as expense_type,
           case when i % 3 = 0 then 'CR-' || (i % 200) end as contract_reference,
           'L' || (i % 30) || ' 1AB' as supplier_postcode, true as is_disputed,
           'finance_payments-lcrca-2022-04-abcdef0123456789' as _return_id, 'Sheet1' as _sheet,
           i as _row, timestamp '2022-05-01 10:00:00' as _received_at
    from range({rows}) as made(i)
"""


def xor_of_md5(connection: duckdb.DuckDBPyConnection) -> None:
    """What a set of rows had for a digest in schema version 1."""
    columns = [row[0] for row in connection.execute("describe warehouse.landed.t").fetchall()]
    cells = ", ".join(f"""'{name}=' || cast("{name}" as varchar)""" for name in sorted(columns))
    connection.execute(
        f"select count(*), bit_xor(md5_number(concat_ws(chr(31), {cells}))) from warehouse.landed.t"
    ).fetchall()


def sha256_of_sorted_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """What it has now."""
    digests_of(connection, [Part("landed.t", "true", ())])


def measured(rows: int) -> dict[str, float]:
    """The CPU seconds of both over so many rows, by name."""
    best: dict[str, float] = {}
    config = {"threads": 2, "memory_limit": "1GB"}
    with duckdb.connect(config=config) as connection:  # type: ignore[arg-type]
        connection.execute("attach ':memory:' as warehouse; create schema warehouse.landed")
        connection.execute(MADE.format(rows=rows))
        for _ in range(5):
            for make in (xor_of_md5, sha256_of_sorted_rows):
                began = time.process_time()
                make(connection)
                spent = time.process_time() - began
                best[make.__name__] = min(spent, best.get(make.__name__, spent))
    return best
