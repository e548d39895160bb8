-- grain: a month and what its payment lines are to prompt payment: every line read is in one row
select month, counts_as, count(*) as payments, sum(amount) as amount
from {{ ref('fct_invoice_lines') }}
group by month, counts_as
union all
select payments.month,
    case when places.kind = 'excluded' then places.kind else 'no date' end,
    count(*), sum(payments.amount)
from {{ ref('fct_payments') }} as payments
inner join {{ ref('dim_place_groups') }} as places on payments.place_group = places.place_group
where places.kind = 'excluded'
    or payments.invoice_received_date is null
    or payments.payment_date is null
group by payments.month, case when places.kind = 'excluded' then places.kind else 'no date' end
union all
select month, 'quarantined', payments_quarantined, amount_quarantined
from {{ ref('fct_payment_lines_read') }}
