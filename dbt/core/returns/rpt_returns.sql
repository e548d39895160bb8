-- grain: a return owed or received, by sender, period and part
with whole as (
    -- a delivery of the whole period answers for every part that is owed
    select "return", sender, period, slot_received_at
    from {{ ref('int_received') }}
    where part = '' and in_force
),

slots as (
    select
        coalesce(owed."return", received."return") as "return",
        coalesce(owed.sender, received.sender) as sender,
        coalesce(owed.period, received.period) as period,
        coalesce(owed.period_kind, received.period_kind) as period_kind,
        coalesce(owed.part, received.part) as part,
        owed.due_date,
        received.return_id,
        coalesce(received.slot_received_at, whole.slot_received_at) as slot_received_at,
        coalesce(received.in_force, false) or whole.sender is not null as in_force,
        case when whole.sender is not null then 'loaded' else coalesce(received.outcome, 'missing') end
            as outcome,
        received.replacements,
        received.replaced_at,
        received.rows_loaded,
        received.rows_quarantined,
        received.rows_dropped,
        coalesce(
            cast(coalesce(received.slot_received_at, whole.slot_received_at) as date), {{ as_of_day() }}
        ) as came_or_today
    from {{ ref('int_owed') }} as owed
    full outer join {{ ref('int_received') }} as received
        on owed."return" = received."return"
        and owed.sender = received.sender
        and owed.period = received.period
        and owed.part = received.part
    left join whole
        on owed."return" = whole."return"
        and owed.sender = whole.sender
        and owed.period = whole.period
),

final as (
    select
        "return",
        sender,
        period,
        period_kind,
        part,
        due_date,
        due_date is not null as is_owed,
        return_id,
        slot_received_at as received_at,
        in_force,
        outcome,
        case
            when due_date is null then null
            when came_or_today <= due_date then 0
            else {{ dbt.datediff('due_date', 'came_or_today', 'day') }}
        end as late_days,
        coalesce(replacements, 0) as replacements,
        replaced_at,
        coalesce(rows_loaded, 0) as rows_loaded,
        coalesce(rows_quarantined, 0) as rows_quarantined,
        coalesce(rows_dropped, 0) as rows_dropped
    from slots
)

select {{ as_declared(model) }}
from final
