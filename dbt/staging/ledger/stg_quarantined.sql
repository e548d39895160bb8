-- grain: a row of a return in force that was read and not taken
{{ config(materialized='view') }}

select
    quarantined.return_id as _return_id,
    quarantined.sheet as _sheet,
    quarantined."row" as _row,
    in_force."return",
    in_force.sender,
    in_force.period,
    in_force.part,
    coalesce(quarantined.amount, 0) as amount,
    quarantined.rules
from {{ source('ledger', 'quarantined') }} as quarantined
-- a return judged again is quarantined again: only its newest judgement counts
inner join {{ returns_in_force() }} as in_force
    on quarantined.return_id = in_force.return_id and quarantined.attempt = in_force.attempt
