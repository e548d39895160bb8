-- grain: a directorate's name as some return writes it
with written as (
    select directorate as name, 1 as is_spelt from {{ ref('fct_payments') }}
    union
    select directorate, 1 from {{ ref('dim_contracts') }}
    union
    select sender, 0 from {{ ref('stg_service_returns') }}
),

known as (
    -- a service is written after its directorate: Integrated Transport - Rail
    select name, max(is_spelt) as is_spelt,
        case when name like '% - %' then substring(name, 1, position(' - ' in name) - 1) else name end as directorate
    from written
    where name is not null
    group by name
),

keyed as (
    select *, {{ slug('directorate') }} as directorate_id
    from known
),

final as (
    select name, directorate_id,
        coalesce(
            min(case when is_spelt = 1 then directorate end) over (partition by directorate_id), directorate
        ) as directorate
    from keyed
    where directorate_id <> ''
)

select {{ as_declared(model) }}
from final
