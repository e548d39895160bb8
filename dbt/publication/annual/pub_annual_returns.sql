-- grain: a kind of return in a financial year: how many were owed and came, and what was held back
select
    cast(years.period as {{ dbt.type_string() }}) as year,
    slots."return",
    cast(sum(case when slots.is_owed then 1 else 0 end) as integer) as owed,
    cast(sum(case when slots.is_owed and slots.in_force then 1 else 0 end) as integer) as received,
    cast(sum(case when slots.is_owed and slots.outcome <> 'missing' and slots.late_days > 0 then 1 else 0 end) as integer) as late,
    cast(sum(case when slots.is_owed and not slots.in_force then 1 else 0 end) as integer) as missing,
    cast(sum(slots.replacements) as integer) as corrected,
    cast(coalesce(sum(slots.rows_loaded), 0) as {{ dbt.type_bigint() }}) as rows_loaded,
    cast(coalesce(sum(slots.rows_quarantined), 0) as {{ dbt.type_bigint() }}) as rows_quarantined
from {{ ref('rpt_returns') }} as slots
inner join {{ ref('dim_calendar') }} as periods
    on slots.period = periods.period and slots.period_kind = periods.period_kind
inner join {{ ref('dim_period_ends') }} as years
    on years.period_kind = 'year'
    and periods.first_day >= years.first_day and periods.first_day <= years.last_day
group by years.period, slots."return"
