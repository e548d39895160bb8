-- grain: a rating of a contract's key performance indicator
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period,
    kpis.contract_reference,
    kpis.kpi,
    kpis.target,
    kpis.achieved,
    kpis.rating,
    kpis.assessed_on,
    kpis._return_id,
    kpis._sheet,
    kpis._row
from {{ source('landed', 'procurement_contracts_kpis') }} as kpis
inner join {{ returns_in_force() }} as in_force on kpis._return_id = in_force.return_id
