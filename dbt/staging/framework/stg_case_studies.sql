-- grain: a story in a return in force
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period,
    in_force.part,
    stories.title,
    stories.role,
    stories.theme,
    stories.story,
    stories.what_changed,
    stories.district,
    stories.measure_code,
    stories.has_consent,
    stories.evidence_reference,
    stories._return_id,
    stories._sheet,
    stories._row
from {{ source('landed', 'case_studies') }} as stories
inner join {{ returns_in_force() }} as in_force on stories._return_id = in_force.return_id
