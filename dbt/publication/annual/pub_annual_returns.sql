-- grain: a kind of return in a financial year: how many were owed and came, and what was held back
with final as (
    select
        years.period as year,
        slots."return",
        sum(case when slots.is_owed then 1 else 0 end) as owed,
        sum(case when slots.is_owed and slots.in_force then 1 else 0 end) as received,
        sum(case when slots.is_owed and slots.outcome <> 'missing' and slots.late_days > 0 then 1 else 0 end) as late,
        sum(case when slots.is_owed and not slots.in_force then 1 else 0 end) as missing,
        sum(slots.replacements) as corrected,
        coalesce(sum(slots.rows_loaded), 0) as rows_loaded,
        coalesce(sum(slots.rows_quarantined), 0) as rows_quarantined
    from {{ ref('rpt_returns') }} as slots
    inner join {{ ref('dim_calendar') }} as periods
        on slots.period = periods.period and slots.period_kind = periods.period_kind
    inner join {{ ref('dim_period_ends') }} as years
        on years.period_kind = 'year'
        and periods.first_day >= years.first_day and periods.first_day <= years.last_day
    group by years.period, slots."return"
)

select {{ as_declared(model) }}
from final
