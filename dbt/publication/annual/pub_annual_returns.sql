-- grain: a kind of return in a financial year: how many were owed and came, and what was held back
with untold as (
    select quarter, count(*) as stories from {{ ref('fct_stories') }} where waits group by quarter
),

counted as (
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
),

final as (
    select
        counted.*,
        case when counted."return" = 'case_studies' then coalesce((
            select sum(untold.stories)
            from untold
            inner join {{ ref('dim_calendar') }} as quarters
                on untold.quarter = quarters.period and quarters.period_kind = 'quarter'
            inner join {{ ref('dim_period_ends') }} as years
                on years.period_kind = 'year'
                and quarters.first_day >= years.first_day and quarters.last_day <= years.last_day
            where years.period = counted.year
        ), 0) end as stories_waiting
    from counted
)

select {{ as_declared(model) }}
from final
