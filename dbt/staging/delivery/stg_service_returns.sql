-- grain: a directorate's delivery of one measure in a role, in a return in force
{{ config(materialized='view') }}

select
    -- a renamed directorate's series goes on under the one that follows it
    coalesce(known.reported_id, in_force.sender) as sender,
    in_force.period,
    deliveries.role,
    deliveries.measure_code,
    deliveries.programme,
    deliveries.quantity,
    deliveries.unit,
    deliveries.reckoning,
    deliveries.evidence_reference,
    deliveries.attributed_share,
    deliveries.shared_outcome_reference,
    deliveries.status,
    deliveries.extra_cost,
    deliveries.narrative,
    deliveries._return_id,
    deliveries._sheet,
    deliveries._row
from {{ source('landed', 'service_returns') }} as deliveries
inner join {{ returns_in_force() }} as in_force on deliveries._return_id = in_force.return_id
left join {{ organisation_names() }} as known on in_force.sender = known.name
