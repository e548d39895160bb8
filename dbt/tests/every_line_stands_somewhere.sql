-- Every payment line read stands once in each account of a quarter: by kind of supplier, and for prompt payment.
with read as (
    select months.quarter, sum(lines.payments_taken + lines.payments_quarantined) as payments,
        sum(lines.amount_taken + lines.amount_quarantined) as amount
    from {{ ref('fct_payment_lines_read') }} as lines
    inner join {{ ref('dim_months') }} as months on lines.month = months.month
    group by months.quarter
),

told as (
    select quarter, supplier_kind as what, null as payments,
        amount_of_kind + amount_not_of_kind + amount_unknown + amount_redacted + amount_excluded
        + amount_quarantined as amount
    from {{ ref('pub_supplier_kinds') }}
    union all
    select quarter, 'prompt payment', sum(value), sum(amount)
    from {{ ref('pub_prompt_payment') }}
    where period = quarter and unit = 'payment lines'
    group by quarter
)

select told.quarter, told.what
from told
left join read on told.quarter = read.quarter
where told.amount <> coalesce(read.amount, 0)
    or coalesce(told.payments, read.payments, 0) <> coalesce(read.payments, 0)
