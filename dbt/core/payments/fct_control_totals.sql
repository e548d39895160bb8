-- grain: a sender's month and part that has a control total, or payments that none covers
with awaited as (
    -- payments that are owed or were sent, and do not count: missing, held, rejected
    select lines.sender, lines.month, lines.part, count(*) as returns_awaited
    from {{ ref('int_controlled_lines') }} as lines
    inner join {{ ref('rpt_returns') }} as slots
        on lines.sender = slots.sender
        and lines.month = slots.period
        and (lines.part = '' or lines.part = slots.part)
    where slots."return" = 'finance_payments' and not slots.in_force
    group by lines.sender, lines.month, lines.part
),

final as (
    select
        lines.sender,
        lines.month,
        lines.part,
        lines.control_payments,
        lines.loaded_payments,
        lines.quarantined_payments,
        cast(lines.control_amount as decimal(18, 2)) as control_amount,
        cast(lines.loaded_amount as decimal(18, 2)) as loaded_amount,
        cast(lines.quarantined_amount as decimal(18, 2)) as quarantined_amount,
        cast(
            lines.loaded_amount + lines.quarantined_amount - lines.control_amount as decimal(18, 2)
        ) as difference,
        case
            when lines.control_payments is null then 'no control total'
            when lines.loaded_payments + lines.quarantined_payments = lines.control_payments
                and lines.loaded_amount + lines.quarantined_amount = lines.control_amount then 'yes'
            else 'no'
        end as ties,
        coalesce(awaited.returns_awaited, 0) as returns_awaited
    from {{ ref('int_controlled_lines') }} as lines
    left join awaited
        on lines.sender = awaited.sender
        and lines.month = awaited.month
        and lines.part = awaited.part
)

select {{ as_declared(model) }}
from final
