-- grain: a row of a delivery in the period it is for, at a step of the claim that it has not come to
select
    deliveries."return", deliveries.sender, deliveries.contract_reference, deliveries.role, deliveries.measure_id,
    deliveries.counted_by_person, steps.step, ends.period, ends.period_kind, deliveries.last_day as delivered_by,
    deliveries._return_id, deliveries._sheet, deliveries._row
from {{ ref('fct_deliveries') }} as deliveries
inner join {{ ref('dim_period_ends') }} as ends on deliveries.first_day between ends.first_day and ends.last_day
cross join (select distinct step from {{ claim_steps() }} as ladder) as steps
left join {{ claim_steps() }} as reached
    on steps.step = reached.step and deliveries.counts_as = reached.counts_as
where reached.step is null and deliveries.counts_as in ('rejected', 'claimed', 'evidenced')
    and not deliveries.is_counted_by_person
