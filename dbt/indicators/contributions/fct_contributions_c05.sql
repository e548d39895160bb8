-- grain: a payment line in a figure of C05, prompt payment; one line of each invoice carries its count
{{ config(materialized='view') }}

with counted as (
    select
        rules.basis,
        case when rules.measure = 'due' then lines.due_month else lines.month end as month,
        case
            when not lines.stands_for_invoice then 0
            when rules.measure = 'mean days' then lines.days_to_pay
            when rules.measure = 'due' then case when lines.is_paid_after_half then 1 else 0 end
            when lines.days_to_pay between rules.first_day and coalesce(rules.last_day, lines.days_to_pay)
                then 1
            else 0
        end as numerator,
        case when lines.stands_for_invoice then 1 else 0 end as denominator,
        lines.sender, lines.directorate, lines._return_id, lines._sheet, lines._row
    from {{ same_file('fct_invoice_lines') }} as lines
    inner join {{ same_file('prompt_payment_rules') }} as rules
        on (rules.measure in ('days', 'mean days') or (rules.measure = 'due' and lines.due_month is not null))
        and (
            lines.counts_as in ('undisputed', 'dispute not said')
            or (lines.counts_as = 'disputed' and rules.disputed = 'counted')
        )
    union all
    -- interest is what the lines say of it, dated or not
    select rules.basis, payments.month,
        case rules.measure
            when 'interest paid' then payments.interest_paid else payments.interest_liable
        end,
        0, payments.sender, payments.directorate, payments._return_id, payments._sheet, payments._row
    from {{ same_file('fct_payments') }} as payments
    inner join {{ same_file('dim_place_groups') }} as places
        on payments.place_group = places.place_group and places.in_all
    inner join {{ same_file('prompt_payment_rules') }} as rules
        on (rules.measure = 'interest paid' and payments.interest_paid is not null)
        or (rules.measure = 'interest liable' and payments.interest_liable is not null)
)

select
    'C05' as indicator_id,
    basis,
    month as period,
    sender,
    coalesce(directorate, 'Not stated') as directorate,
    cast(numerator as decimal(18, 2)) as numerator,
    cast(denominator as decimal(18, 2)) as denominator,
    _return_id,
    _sheet,
    _row
from counted
