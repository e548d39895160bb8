-- grain: a ward of a district, or what stands in none, in a quarter; none at all where no ward is given
with lines as (
    select
        months.quarter,
        payments.place_group as district,
        coalesce(payments.ward_code, '') as ward_code,
        coalesce(payments.ward, 'Not told by ward') as ward,
        payments.amount,
        coalesce(payments.supplier_key, payments.supplier_name) as supplier
    from {{ ref('fct_payments') }} as payments
    inner join {{ ref('dim_place_groups') }} as places
        on payments.place_group = places.place_group and places.kind = 'district'
    inner join {{ ref('dim_months') }} as months on payments.month = months.month
    where exists (select 1 from {{ ref('wards') }})
),

final as (
    select
        quarter,
        district,
        ward_code,
        min(ward) as ward,
        count(*) as payments,
        -- of those who may be persons nobody is counted
        case when ward_code <> '' then count(distinct supplier) end as suppliers,
        cast(sum(amount) as decimal(18, 2)) as amount
    from lines
    group by quarter, district, ward_code
)

select {{ as_declared(model) }}
from final
