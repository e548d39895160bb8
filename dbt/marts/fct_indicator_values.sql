-- grain: an indicator's value in a period, by basis, breakdown and its value
with sums as (
    select
        cells.indicator_id, cells.basis, cells.breakdown, cells.breakdown_value,
        periods.period, periods.period_kind,
        cast(sum(cells.numerator) as decimal(18, 2)) as numerator,
        cast(sum(cells.denominator) as decimal(18, 2)) as denominator
    from {{ ref('fct_indicator_months') }} as cells
    inner join {{ ref('dim_periods') }} as periods on cells.month = periods.month
    inner join {{ ref('int_figures') }} as figures
        on cells.indicator_id = figures.indicator_id and cells.basis = figures.basis
    where figures.is_available
    group by
        cells.indicator_id, cells.basis, cells.breakdown, cells.breakdown_value,
        periods.period, periods.period_kind
),

cells as (
    select *, true as has_rows from sums
    union all
    -- a figure of a reported period that no row speaks of is not available, and that is no zero
    select figures.indicator_id, figures.basis, '', '', reported.period, reported.period_kind,
        null, null, false
    from {{ ref('int_figures') }} as figures
    cross join (select distinct period, period_kind from {{ ref('int_report_periods') }}) as reported
    left join sums
        on figures.indicator_id = sums.indicator_id
        and figures.basis = sums.basis
        and reported.period = sums.period
        and reported.period_kind = sums.period_kind
        and sums.breakdown = ''
    where sums.indicator_id is null
)

select
    cells.indicator_id,
    cells.basis,
    cells.breakdown,
    cells.breakdown_value,
    cells.period,
    cells.period_kind,
    cells.numerator,
    case when figures.rule <> 'sum' then cells.denominator end as denominator,
    {{ value_by_rule('figures.rule', 'cells.numerator', 'cells.denominator') }} as value,
    cast(figures.unit as {{ dbt.type_string() }}) as unit,
    cast(figures.rule as {{ dbt.type_string() }}) as rule,
    cast(coalesce(coverage.n_reporting, 0) as integer) as n_reporting,
    cast(coalesce(coverage.n_expected, 0) as integer) as n_expected,
    coverage.coverage,
    cast(
        case when cells.has_rows then coalesce(coverage.status, 'provisional') else 'not available' end
        as {{ dbt.type_string() }}
    ) as status,
    cast(coalesce(coverage.revision, 0) as integer) as revision
from cells
inner join {{ ref('int_figures') }} as figures
    on cells.indicator_id = figures.indicator_id and cells.basis = figures.basis
left join {{ ref('fct_coverage') }} as coverage
    on figures.fed_by = coverage."return"
    and cells.period = coverage.period
    and cells.period_kind = coverage.period_kind
