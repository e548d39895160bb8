-- grain: an open finding (without the value it is about)
select
    cast(findings.finding_id as {{ dbt.type_string() }}) as finding_id,
    cast(findings.return_id as {{ dbt.type_string() }}) as return_id,
    cast(findings."return" as {{ dbt.type_string() }}) as "return",
    cast(findings.period as {{ dbt.type_string() }}) as period,
    cast(findings.rule as {{ dbt.type_string() }}) as rule,
    cast(findings.severity as {{ dbt.type_string() }}) as severity,
    cast(findings.dimension as {{ dbt.type_string() }}) as dimension,
    cast(findings.fixed_by as {{ dbt.type_string() }}) as fixed_by,
    cast(findings.owner as {{ dbt.type_string() }}) as owner,
    cast(findings.message as {{ dbt.type_string() }}) as message,
    cast(findings.found_at as {{ dbt.type_timestamp() }}) as found_at,
    findings.is_accepted,
    -- about rows that count, or about no return that we hold (one that is missing, say)
    coalesce(standing.in_force, returns.return_id is null) as is_about_figures
from {{ ref('stg_findings') }} as findings
left join {{ ref('stg_returns') }} as returns on findings.return_id = returns.return_id
left join {{ ref('stg_standing') }} as standing on findings.return_id = standing.return_id
