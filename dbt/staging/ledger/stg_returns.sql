-- grain: a return (its newest judgement as of the build's moment)
{{ config(materialized='view') }}

with judged as (
    select
        *,
        row_number() over (partition by return_id order by attempt desc) as newest,
        min(received_at) over (partition by return_id) as first_received_at
    from {{ source('ledger', 'returns') }}
    where received_at <= {{ as_of() }}
)

select
    return_id,
    attempt,
    "return",
    sender,
    period,
    part,
    sha256,
    first_received_at,
    received_at,
    outcome,
    rows_read,
    rows_loaded,
    rows_quarantined,
    rows_dropped
from judged
where newest = 1
