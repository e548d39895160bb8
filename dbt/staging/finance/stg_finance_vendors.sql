-- grain: a supplier in a vendor master in force
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period as month,
    vendors.supplier_id,
    coalesce(vendors.supplier_name, '') as supplier_name,
    vendors.company_number,
    vendors.charity_number,
    vendors.postcode,
    vendors.location_basis,
    vendors.size,
    vendors.is_vcse,
    vendors.sector,
    vendors._return_id,
    vendors._sheet,
    vendors._row
from {{ source('landed', 'finance_vendors') }} as vendors
inner join {{ returns_in_force() }} as in_force on vendors._return_id = in_force.return_id
