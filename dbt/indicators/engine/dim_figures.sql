-- grain: a basis of an indicator: what the registry says of it, and whether it can have a value
with here as (
    select distinct "return" from {{ ref('rpt_returns') }} where in_force
)

select
    indicators.indicator_id,
    indicators.title,
    bases.basis,
    bases.basis_order,
    coalesce(bases.unit, indicators.unit) as unit,
    coalesce(bases.rule, indicators.rule) as rule,
    coalesce(bases.over_time, indicators.over_time) as over_time,
    bases.later_months,
    nullif(coalesce(bases.better, indicators.better), 'neither') as better,
    indicators.only_by,
    indicators.counts_people,
    indicators.fed_by,
    indicators.also_needs,
    -- a return that never came makes a figure not available, never zero
    fed."return" is not null
    and (indicators.also_needs is null or needed."return" is not null) as is_available,
    -- the days that both hold: the indicator and its figure
    greatest(
        coalesce(indicators.valid_from, cast('1900-01-01' as date)), coalesce(bases.valid_from, cast('1900-01-01' as date))
    ) as valid_from,
    least(
        coalesce(indicators.valid_to, cast('9999-12-31' as date)), coalesce(bases.valid_to, cast('9999-12-31' as date))
    ) as valid_to,
    indicators.source,
    indicators.illustrative
from {{ ref('indicators') }} as indicators
inner join {{ ref('indicator_bases') }} as bases on indicators.indicator_id = bases.indicator_id
left join here as fed on indicators.fed_by = fed."return"
left join here as needed on indicators.also_needs = needed."return"
