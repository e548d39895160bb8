-- grain: a payment line in a basis of C01, local spend (a view over fct_payments, so it takes no room)
{{ config(materialized='view') }}

with counted as (
    select
        bases.indicator_id,
        bases.basis,
        places.place_group,
        places.kind = 'district' as is_local
    from {{ same_file('indicator_bases') }} as bases
    inner join {{ same_file('dim_place_groups') }} as places
        on (bases.basis = 'known' and places.in_known) or (bases.basis = 'all' and places.in_all)
    where bases.indicator_id = 'C01'
)

select
    counted.indicator_id,
    counted.basis,
    payments.month as period,
    payments.sender,
    case when counted.is_local then payments.place_group else '' end as district,
    coalesce(payments.directorate, 'Not stated') as directorate,
    case when counted.is_local then payments.amount else cast(0 as decimal(18, 2)) end as numerator,
    payments.amount as denominator,
    payments._return_id,
    payments._sheet,
    payments._row
from {{ same_file('fct_payments') }} as payments
inner join counted on payments.place_group = counted.place_group
