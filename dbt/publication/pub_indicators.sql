-- grain: a basis of an indicator in a quarter
select
    cast(reports.quarter as {{ dbt.type_string() }}) as quarter,
    cast(indicators.indicator_id as {{ dbt.type_string() }}) as indicator_id,
    cast(indicators.title as {{ dbt.type_string() }}) as title,
    cast(bases.basis as {{ dbt.type_string() }}) as basis,
    cast(indicators.unit as {{ dbt.type_string() }}) as unit,
    sums.numerator,     -- null: not available, which is not 0
    sums.denominator,
    sums.value,
    cast(coalesce(coverage.n_reporting, 0) as integer) as n_reporting,
    cast(coalesce(coverage.n_expected, 0) as integer) as n_expected,
    coverage.coverage,
    cast(coalesce(coverage.status, 'provisional') as {{ dbt.type_string() }}) as status,
    cast(indicators.rule as {{ dbt.type_string() }}) as rule,
    cast(indicators.source as {{ dbt.type_string() }}) as source,
    cast(indicators.illustrative as {{ dbt.type_string() }}) as illustrative
from {{ ref('int_published_quarters') }} as reports
cross join {{ ref('indicators') }} as indicators
inner join {{ ref('indicator_bases') }} as bases on indicators.indicator_id = bases.indicator_id
left join {{ ref('fct_indicator_values') }} as sums
    on indicators.indicator_id = sums.indicator_id
    and bases.basis = sums.basis
    and reports.quarter = sums.period
    and sums.period_kind = 'quarter'
    and sums.breakdown = ''
left join {{ ref('fct_coverage') }} as coverage
    on indicators.fed_by = coverage."return"
    and reports.quarter = coverage.period
    and coverage.period_kind = 'quarter'
