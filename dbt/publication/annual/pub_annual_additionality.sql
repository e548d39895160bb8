-- grain: a measure that counts no people, delivered and validated in a financial year
select
    cast(found.period as {{ dbt.type_string() }}) as year,
    cast(found.measure_id as {{ dbt.type_string() }}) as measure_id,
    cast(found.measure_title as {{ dbt.type_string() }}) as measure,
    cast(measures.theme as {{ dbt.type_string() }}) as theme,
    cast(found.unit as {{ dbt.type_string() }}) as unit,
    found.gross,
    found.net_low,
    found.net_central,
    found.net_high,
    before.gross as gross_before,
    cast(found.set_id as {{ dbt.type_string() }}) as set_id,
    cast(found.form as {{ dbt.type_string() }}) as form,
    cast(found.author as {{ dbt.type_string() }}) as author,
    cast(found.evidence_grade as {{ dbt.type_string() }}) as evidence_grade,
    cast(found.source as {{ dbt.type_string() }}) as source
from {{ ref('fct_additionality') }} as found
inner join {{ ref('measures') }} as measures on found.measure_id = measures.measure_id
inner join {{ ref('dim_period_ends') }} as years on found.period = years.period and years.period_kind = 'year'
left join {{ ref('dim_period_ends') }} as years_before
    on years_before.period_kind = 'year'
    and cast({{ dbt.dateadd('year', -1, 'years.first_day') }} as date) = years_before.first_day
left join {{ ref('fct_additionality') }} as before
    on found.measure_id = before.measure_id and before.period = years_before.period and before.period_kind = 'year'
where found.period_kind = 'year' and measures.is_people = 'no'
