-- grain: a rule about a return, in a quarter
with final as (
    select
        reports.quarter,
        checks."return",
        checks.rule,
        max(checks.severity) as severity,
        max(checks.dimension) as dimension,
        count(distinct case when checks.outcome <> 'not applicable' then checks.return_id end) as returns_checked,
        sum(checks.rows_checked) as rows_checked,
        sum(checks.rows_failed) as rows_failed
    from {{ ref('fct_checks') }} as checks
    inner join {{ ref('dim_calendar') }} as periods on checks.period = periods.period
    inner join {{ ref('dim_published_quarters') }} as reports on periods.quarter = reports.quarter
    group by reports.quarter, checks."return", checks.rule
)

select {{ as_declared(model) }}
from final
