-- grain: a figure of an indicator in a financial year that has been reported on
with figures as (
    select indicators.indicator_id, indicators.title, indicators.role, indicators.theme, found.basis, found.basis_order,
        bases.title as figure, found.unit, found.rule, found.better, indicators.illustrative,
        found.valid_from, found.valid_to
    from {{ ref('dim_figures') }} as found
    inner join {{ ref('indicators') }} as indicators on found.indicator_id = indicators.indicator_id
    inner join {{ ref('indicator_bases') }} as bases
        on found.indicator_id = bases.indicator_id and found.basis = bases.basis
    -- figures of people stand in tables of their own, protected; those by part have no whole
    where indicators.counts_people = 'no' and indicators.only_by is null
),

-- a figure worked out from a measure of people would tell how many they are
telling as (
    select distinct cells.indicator_id, cells.basis
    from {{ ref('fct_indicator_values') }} as cells
    inner join {{ ref('measures') }} as measures on cells.breakdown_value = measures.measure_id
    where cells.breakdown = 'measure' and measures.is_people = 'yes'
    union
    select indicator_id, basis
    from {{ ref('dim_figures_of_people') }}
    union
    select bases.indicator_id, bases.basis
    from {{ ref('indicator_bases') }} as bases
    inner join {{ ref('service_indicators') }} as services on bases.indicator_id = services.indicator_id
    inner join {{ ref('measures') }} as measures on services.measure_id = measures.measure_id
    where measures.is_people = 'yes'
),

final as (
    select
        years.period as year,
        figures.indicator_id, figures.title, figures.role, figures.theme, figures.basis,
        figures.figure, figures.unit, figures.rule, figures.illustrative,
        figures.basis_order,
        found.numerator,     -- null: not available, which is not 0
        found.denominator,
        found.value,
        performance.value_year_before as value_before,
        cast(found.value - performance.value_year_before as decimal(24, 6)) as change,
        {{ direction('figures.better') }} as direction,
        coalesce(performance.movement_long, 'no comparison') as verdict,
        performance.target,
        performance.target_before,
        performance.target_since,
        case when performance.target is not null then performance.rag end as rating,
        coalesce(found.n_reporting, 0) as n_reporting,
        coalesce(found.n_expected, 0) as n_expected,
        found.coverage,
        coalesce(found.status, 'not available') as status
    from {{ ref('dim_period_ends') }} as years
    cross join figures
    left join telling on figures.indicator_id = telling.indicator_id and figures.basis = telling.basis
    left join {{ ref('fct_indicator_values') }} as found
        on figures.indicator_id = found.indicator_id and figures.basis = found.basis
        and years.period = found.period and found.period_kind = 'year' and found.breakdown = ''
    left join {{ ref('fct_indicator_performance') }} as performance
        on figures.indicator_id = performance.indicator_id and figures.basis = performance.basis
        and years.period = performance.period and performance.period_kind = 'year' and performance.breakdown = ''
    where years.period_kind = 'year' and telling.indicator_id is null
        and {{ valid_within('figures', 'years.first_day', 'years.last_day') }}
)

select {{ as_declared(model) }}
from final
