-- grain: a directorate's name as some return writes it
with written as (
    select directorate as name, 1 as is_spelt from {{ ref('fct_payments') }}
    union
    select directorate, 1 from {{ ref('dim_contracts') }}
    union
    select sender, 0 from {{ ref('stg_service_returns') }}
),

-- as staging has them: what rows of payments and contracts call an organisation, and senders by their code
named as (
    select reported_as as name, reported_id from {{ organisation_names() }} as names
    union
    select reported_id as name, reported_id from {{ organisation_names() }} as names
),

-- the directorate that the registry says a name is of; a service's is the one that it is part of
placed as (
    select named.name, min(holders.organisation_id) as directorate_id, min(holders.organisation_name) as directorate
    from named
    inner join {{ ref('organisations') }} as own on named.reported_id = own.organisation_id
    inner join {{ followed('organisations', 'organisation_id') }} as kept
        on kept.own_id = case when own.kind = 'service' then coalesce(own.parent_id, own.organisation_id) else own.organisation_id end
    inner join {{ ref('organisations') }} as holders on kept.reported_id = holders.organisation_id
    group by named.name
),

known as (
    -- of one that the registry does not have: a service is written after its directorate, Integrated Transport - Rail
    select name, max(is_spelt) as is_spelt,
        case when name like '% - %' then substring(name, 1, position(' - ' in name) - 1) else name end as directorate
    from written
    where name is not null
    group by name
),

keyed as (
    select
        known.name,
        case when placed.name is null then known.is_spelt else 1 end as is_spelt,
        coalesce(placed.directorate, known.directorate) as directorate,
        coalesce(placed.directorate_id, {{ slug('known.directorate') }}) as directorate_id
    from known
    left join placed on known.name = placed.name
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
