-- grain: a figure of an indicator, as the registry defines it, in a quarter that has a report
with broken as (
    select figures.indicator_id, figures.basis, reports.quarter, breaks.first_day, breaks.what_changed,
        row_number() over (
            partition by figures.indicator_id, figures.basis, reports.quarter
            order by breaks.first_day desc, coalesce(breaks.basis, '') desc
        ) as place
    from {{ ref('definition_breaks') }} as breaks
    inner join {{ ref('dim_figures') }} as figures
        on breaks.indicator_id = figures.indicator_id and coalesce(breaks.basis, figures.basis) = figures.basis
    inner join {{ ref('dim_published_quarters') }} as reports on breaks.first_day <= reports.last_day
    where {{ recorded_by_now('breaks') }}
),

final as (
    select
        reports.quarter,
        indicators.indicator_id,
        indicators.title,
        indicators.role,
        indicators.theme,
        indicators.definition,
        bases.basis,
        bases.basis_order,
        bases.title as figure,
        bases.definition as figure_definition,
        coalesce(bases.unit, indicators.unit) as unit,
        coalesce(bases.rule, indicators.rule) as rule,
        indicators.numerator_is,
        indicators.denominator_is,
        nullif(figures.valid_from, cast('1900-01-01' as date)) as valid_from,
        nullif(figures.valid_to, cast('9999-12-31' as date)) as valid_to,
        broken.first_day as definition_since,
        broken.what_changed,
        coalesce(bases.source, indicators.source) as source,
        indicators.illustrative
    from {{ ref('dim_published_quarters') }} as reports
    cross join {{ ref('indicators') }} as indicators
    inner join {{ ref('indicator_bases') }} as bases on indicators.indicator_id = bases.indicator_id
    inner join {{ ref('dim_figures') }} as figures
        on bases.indicator_id = figures.indicator_id and bases.basis = figures.basis
    left join broken
        on bases.indicator_id = broken.indicator_id and bases.basis = broken.basis
        and reports.quarter = broken.quarter and broken.place = 1
)

select {{ as_declared(model) }}
from final
