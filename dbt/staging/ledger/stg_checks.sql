-- grain: a rule's last word on a return in force, over all its tables
{{ config(materialized='view') }}

with newest as (
    select
        checks.*, in_force."return", in_force.sender, in_force.period,
        rank() over (partition by checks.return_id, checks.rule order by checks.attempt desc, checks."at" desc) as age
    from {{ source('ledger', 'checks') }} as checks
    inner join {{ returns_in_force() }} as in_force on checks.return_id = in_force.return_id
    where checks."at" <= {{ as_of() }}
)

select
    return_id,
    "return",
    sender,
    period,
    rule,
    max(rule_version) as rule_version,
    max(severity) as severity,
    max(dimension) as dimension,
    case
        when sum(case when outcome = 'failed' then 1 else 0 end) > 0 then 'failed'
        when sum(case when outcome = 'passed' then 1 else 0 end) > 0 then 'passed'
        else 'not applicable'
    end as outcome,
    cast(sum(applied_to) as bigint) as rows_checked,
    cast(sum(failed_rows) as bigint) as rows_failed
from newest
where age = 1
group by return_id, "return", sender, period, rule
