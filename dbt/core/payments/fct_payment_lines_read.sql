-- grain: a sender's month and part with payment lines, taken or quarantined
with lines as (
    select sender, month, part, 1 as taken, amount, 0 as quarantined, 0 as amount_quarantined
    from {{ ref('stg_finance_payments') }}
    union all
    select sender, period, part, 0, 0, 1, amount
    from {{ ref('stg_quarantined') }}
    where "return" = 'finance_payments'
)

select
    sender,
    month,
    part,
    cast(sum(taken) as bigint) as payments_taken,
    sum(amount) as amount_taken,
    cast(sum(quarantined) as bigint) as payments_quarantined,
    sum(amount_quarantined) as amount_quarantined
from lines
group by sender, month, part
