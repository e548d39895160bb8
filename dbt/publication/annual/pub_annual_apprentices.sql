-- grain: a year that has been reported on: apprenticeships started in it over the headcount before it (E11)
with final as (
    select
        cells.period as year,
        cells.indicator_id,
        cells.numerator as people,
        cells.denominator as out_of,
        cells.value as percent_of_people,
        performance.target,
        performance.target_before,
        performance.target_since,
        cells.n_reporting,
        cells.n_expected,
        cells.status
    from {{ ref('fct_indicator_values') }} as cells
    inner join {{ ref('dim_period_ends') }} as years
        on cells.period = years.period and cells.period_kind = years.period_kind
    left join {{ ref('fct_indicator_performance') }} as performance
        on cells.indicator_id = performance.indicator_id and cells.basis = performance.basis
        and cells.period = performance.period and cells.period_kind = performance.period_kind
        and performance.breakdown = ''
    where cells.indicator_id = 'E11' and cells.basis = 'starts-of-headcount-before'
        and cells.period_kind = 'year' and cells.breakdown = ''
)

select {{ as_declared(model) }}
from final
