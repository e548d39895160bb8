-- grain: a sender's month and part that has a control total
select
    sender,
    month,
    part,
    cast(sum(payment_count) as bigint) as payments,
    sum(amount) as amount
from {{ ref('stg_finance_control_totals') }}
group by sender, month, part
