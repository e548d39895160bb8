-- grain: a measure, a proxy that values it and an estimate: GBP a unit, in prices of the year that is published
with recursive within as (
    -- a proxy and each that holds it: its parent, the parent's parent
    select proxy_id, parent_id as holder_id from {{ ref('proxies') }} where parent_id is not null
    union all
    select within.proxy_id, parents.parent_id
    from within
    inner join {{ ref('proxies') }} as parents on within.holder_id = parents.proxy_id
    where parents.parent_id is not null
),

named as (
    select links.measure_id, links.units_per_measure, links.benefit_years, links.drop_off, proxies.*
    from {{ ref('measure_proxies') }} as links
    inner join {{ ref('proxies') }} as proxies on links.proxy_id = proxies.proxy_id
),

counted as (
    -- what a parent holds is not counted again by its children
    select named.*
    from named
    left join (
        select distinct holders.measure_id, within.proxy_id
        from within
        inner join named as holders on within.holder_id = holders.proxy_id
    ) as held
        on named.measure_id = held.measure_id and named.proxy_id = held.proxy_id
    where held.proxy_id is null
),

estimated as (
    {% for estimate in ['low', 'central', 'high'] -%}
    select counted.*, '{{ estimate }}' as estimate, value_{{ estimate }} as proxy_value
    from counted
    {{ "where value_low <> value_high" if estimate != 'central' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    estimated.measure_id, estimated.proxy_id, estimated.kind, estimated.estimate, estimated.proxy_value,
    estimated.price_year, cast(years.number as integer) as published_price_year, estimated.units_per_measure,
    estimated.benefit_years, estimated.drop_off,
    coalesce(estimated.valid_from, cast('1900-01-01' as date)) as valid_from,
    coalesce(estimated.valid_to, cast('9999-12-31' as date)) as valid_to,
    cast({{ rounded(present_value(
        uprated('estimated.proxy_value * estimated.units_per_measure', 'own.deflator', 'published.deflator'),
        'estimated.benefit_years', 'estimated.drop_off', 'rates.number'
    ), 6) }} as decimal(24, 6)) as unit_value
from estimated
inner join {{ ref('monetisation_parameters') }} as years on years.parameter = 'price year'
inner join {{ ref('monetisation_parameters') }} as rates on rates.parameter = 'discount rate'
inner join {{ ref('deflators') }} as own on estimated.price_year = own.price_year
inner join {{ ref('deflators') }} as published on years.number = published.price_year
