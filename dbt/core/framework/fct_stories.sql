-- grain: a story that those it tells of agreed to publish
select
    cast(stories.period as {{ dbt.type_string() }}) as quarter,
    cast(stories.sender as {{ dbt.type_string() }}) as sender,
    cast(stories.role as {{ dbt.type_string() }}) as role,
    cast(stories.theme as {{ dbt.type_string() }}) as theme,
    cast(stories.title as {{ dbt.type_string() }}) as title,
    cast(stories.story as {{ dbt.type_string() }}) as story,
    cast(stories.what_changed as {{ dbt.type_string() }}) as what_changed,
    cast(stories.district as {{ dbt.type_string() }}) as district,
    cast(codes.measure_id as {{ dbt.type_string() }}) as measure_id,
    stories.evidence_reference is not null as has_evidence,
    cast(stories._return_id as {{ dbt.type_string() }}) as _return_id,
    cast(stories._sheet as {{ dbt.type_string() }}) as _sheet,
    cast(stories._row as {{ dbt.type_bigint() }}) as _row
from {{ ref('stg_case_studies') }} as stories
left join {{ ref('dim_measure_codes') }} as codes on upper(trim(stories.measure_code)) = codes.code
where stories.has_consent
