-- grain: a code of a framework, a measure that is known by it, and a kind of value in money, in a financial year
with recursive steps_up as (
    -- a measure stands under its codes and under each that holds them
    select links.measure_id, codes.code, codes.within, 0 as steps
    from {{ ref('measure_frameworks') }} as links
    inner join {{ ref('framework_codes') }} as codes on links.code = codes.code
    union all
    select steps_up.measure_id, holders.code, holders.within, steps_up.steps + 1
    from steps_up
    inner join {{ ref('framework_codes') }} as holders on steps_up.within = holders.code
    where steps_up.steps < 50   -- a ring of codes ends too
),

codes_of as (select distinct measure_id, code from steps_up),

figures as (
    -- people are counted in tables of their own, under disclosure control
    select found.indicator_id, found.basis, found.breakdown_value as measure_id, found.period as year, found.value
    from {{ ref('fct_indicator_values') }} as found
    inner join {{ ref('measures') }} as measures on found.breakdown_value = measures.measure_id
    where found.breakdown = 'measure' and found.period_kind = 'year' and measures.is_people = 'no'
        and found.indicator_id in ('C07', 'F02', 'F03')
),

quantities as (
    select year, measure_id,
        max(case when indicator_id = 'C07' and basis = 'claimed' then value end) as claimed,
        max(case when indicator_id = 'C07' and basis = 'evidenced' then value end) as evidenced,
        max(case when indicator_id = 'F02' and basis = 'gross' then value end) as validated
    from figures
    group by year, measure_id
),

kinds as (
    select distinct links.measure_id, proxies.kind
    from {{ ref('measure_proxies') }} as links
    inner join {{ ref('proxies') }} as proxies on links.proxy_id = proxies.proxy_id
    inner join {{ ref('measures') }} as measures on links.measure_id = measures.measure_id
    where measures.is_people = 'no'
),

final as (
    select
        years.period as year,
        codes.framework,
        codes.code,
        codes.code_order,
        codes.level,
        codes.title as part,
        coalesce(measures.measure_id, 'none') as measure_id,
        coalesce(measures.title, 'No measure of the registry') as measure,
        measures.unit,
        case measures.is_people
            when 'yes' then 'in the tables of people' when 'no' then 'here' else 'none'
        end as figures,
        quantities.claimed,
        quantities.evidenced,
        quantities.validated,
        coalesce(kinds.kind, 'none') as kind_of_value,
        worth.value as value_in_money
    from {{ ref('dim_period_ends') }} as years
    cross join {{ ref('framework_codes') }} as codes
    left join codes_of on codes.code = codes_of.code
    left join {{ ref('measures') }} as measures on codes_of.measure_id = measures.measure_id
    left join quantities on years.period = quantities.year and measures.measure_id = quantities.measure_id
    left join kinds on measures.measure_id = kinds.measure_id
    left join figures as worth
        on years.period = worth.year and measures.measure_id = worth.measure_id
        and worth.indicator_id = 'F03' and worth.basis = replace(kinds.kind, ' ', '-') || '-central'
    where years.period_kind = 'year'
)

select {{ as_declared(model) }}
from final
