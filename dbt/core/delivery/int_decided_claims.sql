-- grain: an officer's decision on a row of a supplier's return in force (rule 4.2)
select
    claims._return_id as claim_return_id,
    claims._sheet as claim_sheet,
    claims._row as claim_row,
    -- of several decisions on one claim a rejection stands
    min(decisions.decision) over (
        partition by claims._return_id, claims._sheet, claims._row
    ) as standing_decision,
    decisions._return_id,
    decisions._sheet,
    decisions._row
from {{ ref('stg_validations') }} as decisions
inner join {{ ref('stg_supplier_returns') }} as claims
    on decisions.supplier = claims.sender
    and decisions.period = claims.period
    and decisions.contract_reference = upper(trim(claims.contract_reference))
    and decisions.measure_code = upper(trim(claims.measure_code))
    and decisions.quantity = claims.quantity
