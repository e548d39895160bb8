-- grain: an officer's decision on a supplier's claim
with claims as (
    select sender, period, upper(trim(contract_reference)) as contract_reference,
        upper(trim(measure_code)) as measure_code, quantity, count(*) as claims
    from {{ ref('stg_supplier_returns') }}
    group by sender, period, upper(trim(contract_reference)), upper(trim(measure_code)), quantity
),

final as (
    select
        decisions.period, decisions.supplier, decisions.contract_reference, decisions.measure_code,
        decisions.quantity, decisions.decision, decisions.decided_by, decisions.because,
        coalesce(claims.claims, 0) as claims,
        decisions.sender, decisions._return_id, decisions._sheet, decisions._row
    from {{ ref('stg_validations') }} as decisions
    left join claims
        on decisions.supplier = claims.sender
        and decisions.period = claims.period
        and decisions.contract_reference = claims.contract_reference
        and decisions.measure_code = claims.measure_code
        and decisions.quantity = claims.quantity
)

select {{ as_declared(model) }}
from final
