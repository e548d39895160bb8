-- grain: an officer's decision on a row of a supplier's return that is counted: from a figure's rows to who decided
with final as (
    select
        deliveries.measure_id,
        deliveries.contract_reference as contract,
        deliveries.is_counted_by_person,
        deliveries.counts_as,
        decided.claim_return_id,
        decided.claim_sheet,
        decided.claim_row,
        decided._return_id,
        decided._sheet,
        decided._row
    from {{ ref('int_decided_claims') }} as decided
    inner join {{ ref('fct_deliveries') }} as deliveries
        on decided.claim_return_id = deliveries._return_id
        and decided.claim_sheet = deliveries._sheet
        and decided.claim_row = deliveries._row
)

select {{ as_declared(model) }}
from final
