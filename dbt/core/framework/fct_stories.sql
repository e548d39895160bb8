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
        stories.evidence_reference is not null as has_evidence,
        stories._return_id,
        stories._sheet,
        stories._row
    from {{ ref('stg_case_studies') }} as stories
    left join {{ ref('dim_measure_codes') }} as codes on upper(trim(stories.measure_code)) = codes.code
    where stories.has_consent
)

select {{ as_declared(model) }}
from final
