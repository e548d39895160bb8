-- grain: a return received from a sender for a period, by part: the one sending that speaks for it
{{ config(materialized='table') }}

with sendings as (
    select
        returns.*,
        periods.period_kind,
        coalesce(standing.in_force, false) as in_force,
        min(returns.first_received_at) over slot as slot_received_at,
        sum(case when standing.ever_in_force then 1 else 0 end) over slot as times_counted,
        row_number() over (
            partition by returns."return", returns.sender, returns.period, returns.part
            order by
                -- what counts; else what waits for somebody; else what was withdrawn
                case when standing.in_force then 0 when returns.outcome <> 'loaded' then 1 else 2 end asc,
                returns.received_at desc, returns.return_id asc
        ) as choice
    from {{ ref('stg_returns') }} as returns
    left join {{ ref('stg_standing') }} as standing on returns.return_id = standing.return_id
    inner join {{ ref('int_periods') }} as periods on returns.period = periods.period
    window slot as (partition by returns."return", returns.sender, returns.period, returns.part)
)

select
    "return", sender, period, period_kind, part, return_id, in_force, slot_received_at,
    case when in_force and times_counted > 1 then received_at end as replaced_at,
    case when in_force then 'loaded' when outcome = 'loaded' then 'missing' else outcome end as outcome,
    case when times_counted > 1 then times_counted - 1 else 0 end as replacements,
    case when in_force or outcome <> 'loaded' then rows_loaded else 0 end as rows_loaded,
    case when in_force or outcome <> 'loaded' then rows_quarantined else 0 end as rows_quarantined,
    case when in_force or outcome <> 'loaded' then rows_dropped else 0 end as rows_dropped
from sendings
where choice = 1
