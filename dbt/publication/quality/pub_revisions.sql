-- grain: a return of a quarter that was sent again, by sender, period and part
select
    cast(reports.quarter as {{ dbt.type_string() }}) as quarter,
    cast(slots."return" as {{ dbt.type_string() }}) as "return",
    cast(slots.sender as {{ dbt.type_string() }}) as sender,
    cast(slots.period as {{ dbt.type_string() }}) as period,
    cast(slots.part as {{ dbt.type_string() }}) as part,
    cast(slots.replacements as {{ dbt.type_bigint() }}) as replacements,
    cast(slots.received_at as date) as first_received,
    cast(slots.replaced_at as date) as last_replaced,
    cast(slots.due_date as date) as due_date,
    cast(slots.replaced_at as date) > slots.due_date as is_revision
from {{ ref('rpt_returns') }} as slots
inner join {{ ref('dim_calendar') }} as periods on slots.period = periods.period
inner join {{ ref('dim_published_quarters') }} as reports on periods.quarter = reports.quarter
where slots.replacements > 0
