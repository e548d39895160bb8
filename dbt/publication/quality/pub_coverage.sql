-- grain: a return, in a quarter: how much of what is owed came, when, and what was sent again
with slots as (
    select reports.quarter, slots."return",
        count(*) as slots_named,
        sum(case when slots.is_owed then 1 else 0 end) as owed,
        sum(case when slots.is_owed and slots.in_force then 1 else 0 end) as received,
        sum(case when slots.outcome <> 'missing' and slots.late_days > 0 then 1 else 0 end) as late,
        max(case when slots.outcome <> 'missing' then slots.late_days end) as latest_days,
        sum(case when slots.outcome = 'missing' then 1 else 0 end) as missing,
        sum(case when slots.outcome not in ('missing', 'loaded') then 1 else 0 end) as not_taken,
        sum(case when slots.replacements > 0 then 1 else 0 end) as sent_again,
        sum(case when cast(slots.replaced_at as date) > slots.due_date then 1 else 0 end) as revised
    from {{ ref('rpt_returns') }} as slots
    inner join {{ ref('dim_calendar') }} as periods on slots.period = periods.period
    inner join {{ ref('dim_published_quarters') }} as reports on periods.quarter = reports.quarter
    group by reports.quarter, slots."return"
),

final as (
    select
        quarter,
        "return",
        {% for column in ['owed', 'received', 'late', 'latest_days', 'missing', 'not_taken', 'sent_again', 'revised'] -%}
        cast({{ column }} as {{ dbt.type_bigint() }}) as {{ column }},
        {% endfor -%}
        {{ percent('received', 'owed') }} as percent_received
    from slots
)

select {{ as_declared(model) }}
from final
