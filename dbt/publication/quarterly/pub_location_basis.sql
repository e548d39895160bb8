-- grain: what the places of a quarter's spend rest on
{%- set bases = [
    'registered_office', 'branch', 'order_site', 'invoice_remit', 'payment', 'not stated', 'none'
] %}
with bases as (
    {% for basis in bases -%}
    select {{ loop.index }} as basis_order, '{{ basis }}' as location_basis
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

sums as (
    select months.quarter, payments.location_basis, count(*) as payments, sum(payments.amount) as amount,
        sum(case when places.kind = 'district' then payments.amount else 0 end) as amount_in_region
    from {{ ref('fct_payments') }} as payments
    inner join {{ ref('dim_place_groups') }} as places
        on payments.place_group = places.place_group and places.in_all
    inner join {{ ref('dim_months') }} as months on payments.month = months.month
    group by months.quarter, payments.location_basis
),

filled as (
    select reports.quarter, bases.basis_order, bases.location_basis,
        coalesce(sums.payments, 0) as payments,
        coalesce(sums.amount, 0) as amount,
        coalesce(sums.amount_in_region, 0) as amount_in_region
    from {{ ref('dim_published_quarters') }} as reports
    cross join bases
    left join sums on reports.quarter = sums.quarter and bases.location_basis = sums.location_basis
),

whole as (
    select quarter, cast(sum(amount) as decimal(18, 2)) as amount_all from filled group by quarter
),

final as (
    select filled.*, {{ percent('filled.amount', 'whole.amount_all') }} as percent_of_all
    from filled
    inner join whole on filled.quarter = whole.quarter
)

select {{ as_declared(model) }}
from final
