-- grain: a figure of an indicator, as the registry defines it, in a quarter that has a report
select
    cast(reports.quarter as {{ dbt.type_string() }}) as quarter,
    cast(indicators.indicator_id as {{ dbt.type_string() }}) as indicator_id,
    cast(indicators.title as {{ dbt.type_string() }}) as title,
    cast(indicators.role as {{ dbt.type_string() }}) as role,
    cast(indicators.theme as {{ dbt.type_string() }}) as theme,
    cast(indicators.definition as {{ dbt.type_string() }}) as definition,
    cast(bases.basis as {{ dbt.type_string() }}) as basis,
    cast(bases.basis_order as integer) as basis_order,
    cast(bases.title as {{ dbt.type_string() }}) as figure,
    cast(bases.definition as {{ dbt.type_string() }}) as figure_definition,
    cast(coalesce(bases.unit, indicators.unit) as {{ dbt.type_string() }}) as unit,
    cast(coalesce(bases.rule, indicators.rule) as {{ dbt.type_string() }}) as rule,
    cast(indicators.numerator_is as {{ dbt.type_string() }}) as numerator_is,
    cast(indicators.denominator_is as {{ dbt.type_string() }}) as denominator_is,
    cast(coalesce(bases.source, indicators.source) as {{ dbt.type_string() }}) as source,
    cast(indicators.illustrative as {{ dbt.type_string() }}) as illustrative
from {{ ref('dim_published_quarters') }} as reports
cross join {{ ref('indicators') }} as indicators
inner join {{ ref('indicator_bases') }} as bases on indicators.indicator_id = bases.indicator_id
