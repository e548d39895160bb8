-- grain: an open finding (without the value it is about)
with final as (
    select
        findings.finding_id,
        findings.return_id,
        findings."return",
        findings.period,
        findings.rule,
        findings.severity,
        findings.dimension,
        findings.fixed_by,
        findings.owner,
        findings.message,
        findings.found_at,
        findings.is_accepted,
        -- about rows that count, or about no return that we hold (one that is missing, say)
        coalesce(standing.in_force, returns.return_id is null) as is_about_figures
    from {{ ref('stg_findings') }} as findings
    left join {{ ref('stg_returns') }} as returns on findings.return_id = returns.return_id
    left join {{ ref('stg_standing') }} as standing on findings.return_id = standing.return_id
)

select {{ as_declared(model) }}
from final
