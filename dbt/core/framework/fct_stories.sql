-- grain: a story that those it tells of agreed to publish
with final as (
    select
        stories.period as quarter,
        stories.sender,
        stories.role,
        stories.theme,
        stories.title,
        stories.story,
        stories.what_changed,
        stories.district,
        codes.measure_id,
        stories.consent_date,
        stories.evidence_reference is not null as has_evidence,
        exists (
            select 1 from {{ ref('int_held_texts') }} as held
            where stories._return_id = held._return_id
                and (held._row is null or (stories._sheet = held._sheet and stories._row = held._row))
        ) as waits,
        stories._return_id,
        stories._sheet,
        stories._row
    from {{ ref('stg_case_studies') }} as stories
    left join {{ ref('dim_measure_codes') }} as codes on upper(trim(stories.measure_code)) = codes.code
    where stories.has_consent
)

select {{ as_declared(model) }}
from final
