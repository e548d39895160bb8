-- grain: a sender's month and part that has a control total, or payment lines that none covers
with covered as (
    select
        controls.sender, controls.month, controls.part,
        controls.payments as control_payments,
        controls.amount as control_amount,
        lines.payments_taken, lines.amount_taken, lines.payments_quarantined, lines.amount_quarantined
    from {{ ref('int_control_totals') }} as controls
    left join {{ ref('fct_payment_lines_read') }} as lines
        on controls.sender = lines.sender
        and controls.month = lines.month
        -- a control total without a part is for the whole month
        and (controls.part = '' or controls.part = lines.part)
    union all
    select
        lines.sender, lines.month, lines.part, null, null,
        lines.payments_taken, lines.amount_taken, lines.payments_quarantined, lines.amount_quarantined
    from {{ ref('fct_payment_lines_read') }} as lines
    left join {{ ref('int_control_totals') }} as controls
        on lines.sender = controls.sender
        and lines.month = controls.month
        and (controls.part = '' or controls.part = lines.part)
    where controls.sender is null
)

select
    sender,
    month,
    part,
    max(control_payments) as control_payments,
    max(control_amount) as control_amount,
    cast(coalesce(sum(payments_taken), 0) as bigint) as loaded_payments,
    cast(coalesce(sum(payments_quarantined), 0) as bigint) as quarantined_payments,
    coalesce(sum(amount_taken), 0) as loaded_amount,
    coalesce(sum(amount_quarantined), 0) as quarantined_amount
from covered
group by sender, month, part
