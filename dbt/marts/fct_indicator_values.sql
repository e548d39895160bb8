-- grain: an indicator's value in a period, by basis, breakdown and its value
with sums as (
    select
        cells.indicator_id, cells.basis, cells.breakdown, cells.breakdown_value,
        periods.period, periods.period_kind,
        cast(sum(cells.numerator) as decimal(18, 2)) as numerator,
        cast(sum(cells.denominator) as decimal(18, 2)) as denominator
    from {{ ref('fct_indicator_months') }} as cells
    inner join {{ ref('dim_periods') }} as periods on cells.month = periods.month
    group by
        cells.indicator_id, cells.basis, cells.breakdown, cells.breakdown_value,
        periods.period, periods.period_kind
)

select
    sums.indicator_id,
    sums.basis,
    sums.breakdown,
    sums.breakdown_value,
    sums.period,
    sums.period_kind,
    sums.numerator,
    sums.denominator,
    {{ percent('sums.numerator', 'sums.denominator') }} as value,
    cast(indicators.unit as {{ dbt.type_string() }}) as unit,
    cast(coalesce(coverage.n_reporting, 0) as integer) as n_reporting,
    cast(coalesce(coverage.n_expected, 0) as integer) as n_expected,
    coverage.coverage,
    cast(coalesce(coverage.status, 'provisional') as {{ dbt.type_string() }}) as status,
    cast(coalesce(coverage.revision, 0) as integer) as revision
from sums
inner join {{ ref('indicators') }} as indicators on sums.indicator_id = indicators.indicator_id
left join {{ ref('fct_coverage') }} as coverage
    on indicators.fed_by = coverage."return"
    and sums.period = coverage.period
    and sums.period_kind = coverage.period_kind
