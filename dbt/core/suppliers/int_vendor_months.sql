-- grain: a sender's month with payments, and whose month's vendor master serves it
with paid as (
    select distinct sender, month from {{ ref('stg_finance_payments') }}
),

held as (
    select distinct sender, month from {{ ref('stg_finance_vendors') }}
),

ranked as (
    select
        paid.sender,
        paid.month,
        held.month as vendor_month,
        row_number() over (
            partition by paid.sender, paid.month
            order by
                -- the month itself or the latest before it, else the earliest after it
                case when held.month <= paid.month then 0 else 1 end,
                case when held.month <= paid.month then held.month end desc,
                held.month
        ) as choice
    from paid
    inner join held on paid.sender = held.sender
)

select sender, month, vendor_month
from ranked
where choice = 1
