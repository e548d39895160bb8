-- grain: a row of a register in force
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period,
    contracts.contract_reference,
    contracts.ocid,
    contracts.contract_title,
    contracts.buyer,
    coalesce(known.reported_as, contracts.directorate) as directorate,
    contracts.supplier_name,
    contracts.supplier_id,
    contracts.supplier_company_number,
    contracts.supplier_charity_number,
    contracts.supplier_size,
    contracts.supplier_is_vcse,
    contracts.process,
    contracts.cpv_code,
    contracts.awarded_date,
    contracts.start_date,
    contracts.end_date,
    contracts.value,
    contracts.annual_value,
    contracts.is_extension,
    contracts.status,
    contracts.released_at,
    contracts.equality_assessment,
    contracts._return_id,
    contracts._sheet,
    contracts._row
from {{ source('landed', 'procurement_contracts') }} as contracts
inner join {{ returns_in_force() }} as in_force on contracts._return_id = in_force.return_id
left join {{ organisation_names() }} as known on lower(trim(contracts.directorate)) = known.name
