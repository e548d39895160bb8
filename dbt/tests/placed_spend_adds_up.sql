-- The districts add up to the region, and the groups of a quarter to its payments and quarantined lines.
select 'districts' as what, quarter, period
from {{ ref('pub_local_spend') }}
group by quarter, period, period_kind
having sum(case when place_order = 0 then amount_in_place else -amount_in_place end) <> 0
union all
select 'groups', places.quarter, places.quarter
from (
    select quarter, sum(payments) as payments, sum(amount) as amount
    from {{ ref('pub_spend_by_place') }}
    group by quarter
) as places
left join (
    select months.quarter,
        sum(lines.payments_taken + lines.payments_quarantined) as payments,
        sum(lines.amount_taken + lines.amount_quarantined) as amount
    from {{ ref('fct_payment_lines_read') }} as lines
    inner join {{ ref('dim_months') }} as months on lines.month = months.month
    group by months.quarter
) as lines on places.quarter = lines.quarter
where places.payments <> coalesce(lines.payments, 0) or places.amount <> coalesce(lines.amount, 0)
