-- grain: a rule about a return, in a quarter
select
    cast(reports.quarter as {{ dbt.type_string() }}) as quarter,
    checks."return",
    checks.rule,
    max(checks.severity) as severity,
    max(checks.dimension) as dimension,
    cast(
        count(distinct case when checks.outcome <> 'not applicable' then checks.return_id end)
        as {{ dbt.type_bigint() }}
    ) as returns_checked,
    cast(sum(checks.rows_checked) as {{ dbt.type_bigint() }}) as rows_checked,
    cast(sum(checks.rows_failed) as {{ dbt.type_bigint() }}) as rows_failed
from {{ ref('fct_checks') }} as checks
inner join {{ ref('dim_calendar') }} as periods on checks.period = periods.period
inner join {{ ref('dim_published_quarters') }} as reports on periods.quarter = reports.quarter
group by reports.quarter, checks."return", checks.rule
