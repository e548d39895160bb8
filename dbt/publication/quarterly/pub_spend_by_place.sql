-- grain: a group of places in a quarter
with lines as (
    select place_group, month, count(*) as payments, sum(amount) as amount
    from {{ ref('fct_payments') }}
    group by place_group, month
    union all
    select places.place_group, held.month, held.payments_quarantined, held.amount_quarantined
    from {{ ref('fct_payment_lines_read') }} as held
    inner join {{ ref('dim_place_groups') }} as places on places.kind = 'quarantined'
),

quarterly as (
    select lines.place_group, months.quarter,
        sum(lines.payments) as payments, sum(lines.amount) as amount
    from lines
    inner join {{ ref('dim_months') }} as months on lines.month = months.month
    group by lines.place_group, months.quarter
),

filled as (
    select
        reports.quarter, places.group_order, places.place_group, places.in_all,
        coalesce(quarterly.payments, 0) as payments,
        cast(coalesce(quarterly.amount, 0) as decimal(18, 2)) as amount
    from {{ ref('dim_published_quarters') }} as reports
    cross join {{ ref('dim_place_groups') }} as places
    left join quarterly
        on reports.quarter = quarterly.quarter and places.place_group = quarterly.place_group
),

whole as (
    select quarter, cast(sum(amount) as decimal(18, 2)) as amount_all
    from filled
    where in_all
    group by quarter
),

final as (
    select
        filled.quarter,
        filled.group_order,
        filled.place_group,
        filled.payments,
        filled.amount,
        case when filled.in_all then {{ percent('filled.amount', 'whole.amount_all') }} end as percent_of_all
    from filled
    left join whole on filled.quarter = whole.quarter
)

select {{ as_declared(model) }}
from final
