-- grain: a directorate
with final as (
    select directorate_id, min(directorate) as directorate, count(*) as names
    from {{ ref('dim_directorate_names') }}
    group by directorate_id
)

select {{ as_declared(model) }}
from final
