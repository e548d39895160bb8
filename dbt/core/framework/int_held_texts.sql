-- grain: a text that is not published until a person accepts what was found on it (column and row blank: the whole return)
with waiting as (
    select
        findings.return_id,
        findings._sheet,
        findings._row,
        findings."column",
        findings.rule
    from {{ ref('stg_findings') }} as findings
    inner join {{ ref('story_holds') }} as holds on findings.rule = holds.rule
    inner join {{ ref('stg_returns') }} as returns
        on findings.return_id = returns.return_id and findings.attempt in (0, returns.attempt)
    where not findings.is_accepted and findings."return" in ('case_studies', 'commitment_progress')
),

-- a later file of the same slot that was not taken, as where its story no longer has consent: the one before stands
withdrawn as (
    select told.return_id
    from {{ ref('stg_returns') }} as told
    inner join {{ ref('stg_returns') }} as later
        on told."return" = later."return"
        and told.sender = later.sender and told.period = later.period and told.part = later.part
        and told.first_received_at < later.first_received_at
        and later.outcome = 'rejected'
    inner join waiting on later.return_id = waiting.return_id and waiting.rule = 'return_can_be_taken'
    where told."return" = 'case_studies'
)

select distinct return_id as _return_id, _sheet, _row, "column" from waiting
union all
select return_id, null, null, null from withdrawn
group by return_id
