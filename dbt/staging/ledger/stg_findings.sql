-- grain: a finding that is open as of the build's moment
{{ config(materialized='view') }}

with accepted as (
    select distinct subject as finding_id
    from {{ source('ledger', 'events') }}
    where kind = 'accepted' and "at" <= {{ as_of() }}
),

told as (
    -- as it was found last
    select
        findings.*,
        row_number() over (
            partition by findings.finding_id order by findings.attempt desc, findings.found_at desc
        ) as newest
    from {{ source('ledger', 'findings') }} as findings
    where findings.found_at <= {{ as_of() }}
        and (findings.cleared_at is null or findings.cleared_at > {{ as_of() }})
)

select
    findings.finding_id,
    findings.return_id,
    findings."return",
    findings.attempt,
    coalesce(findings.sheet, '') as _sheet,
    findings."row" as _row,
    findings."column",
    -- finance_payments-3f2a9c1b77e0/2022-04, and #2 behind it where judged a second time
    split_part(split_part(findings.return_id, '/', 2), '#', 1) as period,
    findings.rule,
    findings.severity,
    findings.dimension,
    findings.fixed_by,
    findings.owner,
    findings.message,
    findings.found_at,
    accepted.finding_id is not null as is_accepted
from told as findings
left join accepted on findings.finding_id = accepted.finding_id
where findings.newest = 1
