-- grain: a person under a contract in a supplier's return in force
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period,
    people.contract_reference,
    people.person_key,
    people.home_local_authority_code,
    people.start_date,
    people.end_date,
    people.fte,
    people.is_local,
    people.is_apprentice,
    people.disadvantaged_group,
    people._return_id,
    people._sheet,
    people._row
from {{ source('landed', 'supplier_returns_people') }} as people
inner join {{ returns_in_force() }} as in_force on people._return_id = in_force.return_id
