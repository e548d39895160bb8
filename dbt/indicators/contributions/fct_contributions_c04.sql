-- grain: a payment line in a basis of C04, spend in deprived areas: a view over fct_payments
{{ config(materialized='view') }}

select
    bases.indicator_id,
    bases.basis,
    payments.month as period,
    payments.sender,
    coalesce(payments.directorate, 'Not stated') as directorate,
    case when payments.deprivation_decile <= 2 then payments.amount else cast(0 as decimal(18, 2)) end as numerator,
    payments.amount as denominator,
    payments._return_id,
    payments._sheet,
    payments._row
from {{ same_file('fct_payments') }} as payments
inner join {{ same_file('dim_place_groups') }} as places
    on payments.place_group = places.place_group and places.in_all
inner join {{ same_file('indicator_bases') }} as bases
    on bases.indicator_id = 'C04'
    and (bases.basis = 'all' or payments.deprivation_decile is not null)   -- known: the decile is
inner join (
    -- without deprivation by postcode there is no figure, which is no nought
    select max("return") as "return" from {{ same_file('rpt_returns') }} where "return" = 'reference_deprivation' and in_force
) as deprivation on deprivation."return" is not null
