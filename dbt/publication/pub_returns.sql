-- grain: a return owed or received, by sender, month and part, in a quarter
select
    cast(reports.quarter as {{ dbt.type_string() }}) as quarter,
    slots."return",
    slots.sender,
    slots.month,
    slots.part,
    slots.due_date,
    slots.received_at,
    slots.outcome,
    -- how late a missing return is grows by the day, and would make a new revision of it
    case when slots.outcome <> 'missing' then slots.late_days end as late_days,
    slots.rows_loaded,
    slots.rows_quarantined,
    slots.rows_dropped
from {{ ref('fct_returns') }} as slots
inner join {{ ref('int_months') }} as months on slots.month = months.month
inner join {{ ref('int_published_quarters') }} as reports on months.quarter = reports.quarter
