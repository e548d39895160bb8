-- grain: a ward of a district, or what stands in none, in a quarter that is reported on
with final as (
    select
        spend.quarter,
        spend.district,
        spend.ward_code,
        spend.ward,
        case when spend.ward_code = '' then 2 else 1 end as ward_order,
        spend.payments,
        spend.suppliers,
        spend.amount
    from {{ ref('fct_spend_by_ward') }} as spend
    inner join {{ ref('dim_published_quarters') }} as reports on spend.quarter = reports.quarter
)

select {{ as_declared(model) }}
from final
