-- grain: a row of a commitment or of its profile, in a reported quarter: what is due of it in it and by its end
with said as (
    -- the profile sheet of the return that speaks for the contract
    select
        commitments.contract_reference, commitments.measure_id, due.first_day,
        cast(round(cast(profiles.quantity as decimal(20, 6)) * codes.unit_factor, 6) as decimal(24, 6)) as quantity,
        profiles._return_id, profiles._sheet, profiles._row
    from {{ ref('stg_procurement_commitments_profile') }} as profiles
    inner join {{ ref('dim_measure_codes') }} as codes on upper(trim(profiles.measure_code)) = codes.code
    inner join {{ ref('dim_calendar') }} as due on upper(trim(profiles.quarter)) = upper(due.period)
    inner join (
        select distinct contract_reference, measure_id, _return_id from {{ ref('int_commitments') }}
    ) as commitments
        on profiles._return_id = commitments._return_id
        and upper(trim(profiles.contract_reference)) = commitments.contract_reference
        and codes.measure_id = commitments.measure_id
),

linear as (
    -- by days, both ends counted, where no profile is said
    select commitments.*,
        {{ dbt.datediff('commitments.start_date', 'commitments.end_date', 'day') }} + 1 as days
    from {{ ref('int_commitments') }} as commitments
    left join (select distinct contract_reference, measure_id from said) as profiled
        on commitments.contract_reference = profiled.contract_reference
        and commitments.measure_id = profiled.measure_id
    where profiled.measure_id is null and commitments.end_date >= commitments.start_date
)

select said.contract_reference, said.measure_id, quarters.quarter,
    said.quantity as due_to_date,
    case when said.first_day < quarters.first_day then said.quantity else 0 end as due_before,
    said._return_id, said._sheet, said._row
from said
inner join {{ ref('dim_published_quarters') }} as quarters on said.first_day <= quarters.first_day
union all
select linear.contract_reference, linear.measure_id, quarters.quarter,
    {{ portion('linear.quantity', 'case when quarters.last_day >= linear.end_date then linear.days else '
        ~ dbt.datediff('linear.start_date', 'quarters.last_day', 'day') ~ ' + 1 end', 'linear.days') }},
    {{ portion('linear.quantity', 'case when quarters.first_day > linear.end_date then linear.days
        when quarters.first_day <= linear.start_date then 0 else '
        ~ dbt.datediff('linear.start_date', 'quarters.first_day', 'day') ~ ' end', 'linear.days') }},
    linear._return_id, linear._sheet, linear._row
from linear
inner join {{ ref('dim_published_quarters') }} as quarters on linear.start_date <= quarters.last_day
