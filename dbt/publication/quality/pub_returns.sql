-- grain: a return owed or received, by sender, period and part, in a quarter
with final as (
    select
        reports.quarter,
        slots."return",
        slots.sender,
        slots.period,
        slots.part,
        slots.due_date,
        slots.received_at,
        slots.outcome,
        -- how late a missing return is grows by the day, and would make a new revision of it
        case when slots.outcome <> 'missing' then slots.late_days end as late_days,
        slots.rows_loaded,
        slots.rows_quarantined,
        slots.rows_dropped
    from {{ ref('rpt_returns') }} as slots
    -- a return for a half or a year stands in the report of its last quarter
    inner join {{ ref('dim_calendar') }} as periods on slots.period = periods.period
    inner join {{ ref('dim_published_quarters') }} as reports on periods.quarter = reports.quarter
)

select {{ as_declared(model) }}
from final
