-- grain: a return of a quarter that was sent again, by sender, period and part
with final as (
    select
        reports.quarter,
        slots."return",
        slots.sender,
        slots.period,
        slots.part,
        slots.replacements,
        slots.received_at as first_received,
        slots.replaced_at as last_replaced,
        slots.due_date,
        cast(slots.replaced_at as date) > slots.due_date as is_revision
    from {{ ref('rpt_returns') }} as slots
    inner join {{ ref('dim_calendar') }} as periods on slots.period = periods.period
    inner join {{ ref('dim_published_quarters') }} as reports on periods.quarter = reports.quarter
    where slots.replacements > 0
)

select {{ as_declared(model) }}
from final
