-- grain: an officer's decision on a supplier's claim, in a return in force
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period,
    lower(trim(decisions.supplier)) as supplier,
    upper(trim(decisions.contract_reference)) as contract_reference,
    upper(trim(decisions.measure_code)) as measure_code,
    decisions.quantity,
    decisions.decision,
    decisions.decided_by,
    decisions.because,
    decisions._return_id,
    decisions._sheet,
    decisions._row
from {{ source('landed', 'validations') }} as decisions
inner join {{ returns_in_force() }} as in_force on decisions._return_id = in_force.return_id
