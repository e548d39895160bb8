"""The limit: one hand-written DuckDB script that types, judges, counts and writes, and no more.

No lineage but the row number, no findings but row and rule, no registry, no history, no checks of
what it is given; the layout of the one file is written into it.
"""

import sys
from pathlib import Path

import duckdb

from tests.benchmarks.measured import Stages

TYPED = """
    create table typed as
    select row_number() over () + 1 as _row, "Body name" as body_name, "Directorate" as directorate,
           "Service area" as service, "Expenses type" as expense_type,
           cast(try_strptime("Date paid", '%d/%m/%Y') as date) as payment_date,
           "Transaction number" as transaction_number,
           try_cast("Net amount" as decimal(18, 2)) as amount,
           "Supplier name" as supplier_name, "Supplier ID" as supplier_id,
           cast(try_strptime("Invoice received date", '%d/%m/%Y') as date) as received
    from read_csv($file, all_varchar = true, header = true)
"""
JUDGED = """
    create table failed as
    select _row, unnest(rules) as rule from (
        select _row, list_filter([
            case when payment_date is null then 'payment_has_a_date' end,
            case when supplier_name is null then 'payment_has_a_supplier' end,
            case when amount is null then 'payment_has_an_amount' end,
            case when payment_date < date '2000-01-01' or payment_date > date '2099-12-31'
                then 'payment_date_is_believable' end,
            case when abs(amount) > 250000000 then 'amount_is_believable' end,
            case when amount = 0 then 'amount_is_not_nil' end,
            case when received > payment_date then 'paid_after_the_invoice_came' end
        ], x -> x is not null) as rules
        from typed
    ) where len(rules) > 0
"""
LOADED = """
    create table payments as select * from typed where _row not in (
        select _row from failed where rule in ('payment_has_a_date', 'payment_has_a_supplier',
            'payment_has_an_amount', 'payment_date_is_believable'))
"""
PLACED = """
    create table placed as
    select p.*, v."Size" as size, v."VCSE" as vcse, d.local_authority_code as district
    from payments as p
    left join read_csv($vendors, all_varchar = true, header = true) as v
        on p.supplier_id = v."Supplier ID"
    left join reference.postcodes as d on d.postcode = replace(v."Postcode", ' ', '')
"""
FIGURES = """
    create table figures as
    select date_trunc('month', payment_date) as month,
           sum(amount) filter (where district in (
               'E08000011', 'E08000012', 'E08000013', 'E08000014', 'E08000015', 'E06000006'
           )) as c01,
           sum(amount) filter (where district is not null) as c01_known,
           sum(amount) filter (where size in ('micro', 'small', 'medium')) as c02,
           sum(amount) filter (where size is not null) as c02_known,
           sum(amount) filter (where vcse = 'Yes') as c03,
           sum(amount) filter (where vcse is not null) as c03_known,
           sum(amount) as all_spend
    from placed group by month
"""
INVOICES = """
    create table prompt as
    select date_trunc('month', payment_date) as month, count(*) as invoices,
           count(*) filter (where days between 0 and 30) as within_30, avg(days) as mean_days
    from (
        select supplier_id, transaction_number, received, payment_date,
               date_diff('day', received, payment_date) as days
        from payments where received is not null and received <= payment_date
        group by all having sum(amount) > 0
    ) group by month
"""


def main(file: Path, vendors: Path, home: Path) -> None:
    """Run the script on an empty database in `home`; print what each stage took."""
    stages = Stages()
    with duckdb.connect(str(home / "limit.duckdb"), config={"threads": 2}) as connection:
        connection.execute(f"attach '{home / 'reference.duckdb'}' as reference (read_only)")
        with stages.timed("type"):
            connection.execute(TYPED, {"file": str(file)})
        with stages.timed("judge"):
            connection.execute(JUDGED)
            connection.execute(LOADED)
        with stages.timed("model"):
            connection.execute(PLACED, {"vendors": str(vendors)})
            connection.execute(FIGURES)
            connection.execute(INVOICES)
        with stages.timed("write"):
            connection.execute("checkpoint")
        rows = connection.execute("select count(*) from payments").fetchone()
    stages.tell(rows[0] if rows else 0)


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:4]))
