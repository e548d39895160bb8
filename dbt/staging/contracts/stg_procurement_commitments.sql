-- grain: a promise of one measure in a commitments return in force
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period,
    promises.contract_reference,
    promises.measure_code,
    promises.commitment,
    promises.quantity,
    promises.unit,
    promises.start_date,
    promises.end_date,
    promises._return_id,
    promises._sheet,
    promises._row
from {{ source('landed', 'procurement_commitments') }} as promises
inner join {{ returns_in_force() }} as in_force on promises._return_id = in_force.return_id
