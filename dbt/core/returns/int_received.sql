-- grain: a return received from a sender for a period, by part: the one sending that speaks for it
with judged as (
    select
        returns.*,
        periods.period_kind,
        coalesce(standing.in_force, false) as in_force,
        coalesce(standing.ever_in_force, false) as ever_in_force,
        lag(returns.sha256) over (
            partition by returns."return", returns.sender, returns.period, returns.part,
                coalesce(standing.ever_in_force, false)
            order by returns.received_at, returns.return_id
        ) as sha256_before
    from {{ ref('stg_returns') }} as returns
    left join {{ ref('stg_standing') }} as standing on returns.return_id = standing.return_id
    inner join {{ ref('dim_calendar') }} as periods on returns.period = periods.period
),

sendings as (
    select
        *,
        min(first_received_at) over slot as slot_received_at,
        -- a file that is judged or derived once more takes nobody's place
        cast(
            sum(case when ever_in_force and sha256 <> sha256_before then 1 else 0 end) over slot as bigint
        ) as replacements,
        max(case when ever_in_force and sha256 <> sha256_before then received_at end) over slot as replaced_at,
        row_number() over (
            partition by "return", sender, period, part
            order by
                -- what counts; else what waits for somebody; else what was withdrawn
                case when in_force then 0 when outcome <> 'loaded' then 1 else 2 end asc,
                received_at desc, return_id asc
        ) as choice
    from judged
    window slot as (partition by "return", sender, period, part)
)

select
    "return", sender, period, period_kind,
    -- a story's part is its title, and its words may be held: what is told is its number
    case when "return" = 'case_studies' and part <> ''
        then 'story ' || cast(
            row_number() over (partition by "return", sender, period order by slot_received_at, part) as {{ dbt.type_string() }}
        )
        else part
    end as part,
    return_id, in_force, slot_received_at,
    case when in_force then replaced_at end as replaced_at,
    case when in_force then 'loaded' when outcome = 'loaded' then 'missing' else outcome end as outcome,
    replacements,
    case when in_force or outcome <> 'loaded' then rows_loaded else 0 end as rows_loaded,
    case when in_force or outcome <> 'loaded' then rows_quarantined else 0 end as rows_quarantined,
    case when in_force or outcome <> 'loaded' then rows_dropped else 0 end as rows_dropped
from sendings
where choice = 1
