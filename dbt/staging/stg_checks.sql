-- grain: a rule's last word on a return in force
select
    checks.return_id,
    in_force."return",
    in_force.sender,
    in_force.period,
    checks.rule,
    checks.rule_version,
    checks.severity,
    checks.dimension,
    checks.outcome,
    checks.applied_to as rows_checked,
    checks.failed_rows as rows_failed
from {{ source('ledger', 'checks') }} as checks
inner join {{ returns_in_force() }} as in_force on checks.return_id = in_force.return_id
where checks."at" <= {{ as_of() }}
qualify row_number() over (
    partition by checks.return_id, checks.rule
    order by checks.attempt desc, checks."at" desc, checks.rule_version desc
) = 1
