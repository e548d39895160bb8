-- grain: what is due of a promise in a quarter
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period,
    due.contract_reference,
    due.measure_code,
    due.quarter,
    due.quantity,
    due._return_id,
    due._sheet,
    due._row
from {{ source('landed', 'procurement_commitments_profile') }} as due
inner join {{ returns_in_force() }} as in_force on due._return_id = in_force.return_id
