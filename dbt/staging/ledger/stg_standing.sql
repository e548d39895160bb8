-- grain: a return that has ever been spoken of as in force or not (as of the build's moment)
{{ config(materialized='view') }}

select
    return_id,
    {{ latest('in_force', 'seq') }} as in_force,
    bool_or(in_force) as ever_in_force
from {{ source('ledger', 'standing') }}
where "at" <= {{ as_of() }}
group by return_id
