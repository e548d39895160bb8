-- grain: a postcode of a deprivation return in force
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period,
    areas.postcode,
    areas.deprivation_decile,
    areas.local_authority_code,
    areas.lsoa_code,
    areas._return_id,
    areas._sheet,
    areas._row
from {{ source('landed', 'reference_deprivation') }} as areas
inner join {{ returns_in_force() }} as in_force on areas._return_id = in_force.return_id
