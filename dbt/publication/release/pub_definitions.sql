-- grain: a figure of an indicator, as the registry defines it, in a quarter that has a report
with final as (
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
        coalesce(bases.source, indicators.source) as source,
        indicators.illustrative
    from {{ ref('dim_published_quarters') }} as reports
    cross join {{ ref('indicators') }} as indicators
    inner join {{ ref('indicator_bases') }} as bases on indicators.indicator_id = bases.indicator_id
)

select {{ as_declared(model) }}
from final
