-- grain: a framework commitment as a return in force says it stands
{{ config(materialized='view') }}

select
    in_force.sender,
    in_force.period,
    progress.commitment_id,
    progress.responsible_post,
    progress.rag,
    progress.narrative,
    progress.corrective_action,
    progress.action_due,
    progress.earlier_action,
    progress.equality_assessment,
    progress._return_id,
    progress._sheet,
    progress._row
from {{ source('landed', 'commitment_progress') }} as progress
inner join {{ returns_in_force() }} as in_force on progress._return_id = in_force.return_id
