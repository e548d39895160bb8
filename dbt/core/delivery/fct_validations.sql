-- grain: an officer's decision on a supplier's claim
with spoken_of as (
    select _return_id, _sheet, _row, count(*) as claims
    from {{ ref('int_decided_claims') }}
    group by _return_id, _sheet, _row
),

final as (
    select
        decisions.period, decisions.supplier, decisions.contract_reference, decisions.measure_code,
        decisions.quantity, decisions.decision, decisions.decided_by, decisions.because,
        coalesce(spoken_of.claims, 0) as claims,
        decisions.sender, decisions._return_id, decisions._sheet, decisions._row
    from {{ ref('stg_validations') }} as decisions
    left join spoken_of
        on decisions._return_id = spoken_of._return_id
        and decisions._sheet = spoken_of._sheet
        and decisions._row = spoken_of._row
)

select {{ as_declared(model) }}
from final
