-- grain: a row of a delivery in a period, or up to its end, at a step of its claim
with placed as (
    select
        deliveries.*, steps.step, ends.period as span_period, ends.period_kind, spans.span,
        ends.last_day as span_last_day,
        rank() over (
            partition by deliveries."return", deliveries.sender, deliveries.role,
                deliveries.contract_reference, deliveries.programme, deliveries.measure_id,
                steps.step, ends.period, spans.span
            order by deliveries.first_day desc
        ) as age
    from {{ ref('fct_deliveries') }} as deliveries
    inner join {{ claim_steps() }} as steps on deliveries.counts_as = steps.counts_as
    inner join {{ ref('dim_period_ends') }} as ends on deliveries.first_day <= ends.last_day
    inner join (select 'in period' as span union all select 'to date') as spans
        on spans.span = 'to date' or deliveries.first_day >= ends.first_day
    where not deliveries.is_counted_by_person
)

select
    "return", sender, contract_reference, role, programme, measure_id, figure, counted_by_person, step, span,
    span_period as period, period_kind, last_day as delivered_by,
    contract_start_date <= span_last_day as has_started,   -- null: delivered under no contract
    _return_id, _sheet, _row
from placed
-- of a level, the newest quarter stands for the span
where accumulates or age = 1
