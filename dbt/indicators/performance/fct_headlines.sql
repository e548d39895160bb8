-- grain: an indicator in a quarter, half or year, by the one figure that speaks for it
with figures as (
    select
        performance.*, indicators.title, indicators.role, bases.title as basis_title, bases.basis_order,
        -- the figure that has the target, in whatever period; else the registry's first
        max(case when performance.target is null then 0 else 1 end) over (
            partition by performance.indicator_id, performance.basis
        ) as has_target
    from {{ ref('fct_indicator_performance') }} as performance
    inner join {{ ref('indicators') }} as indicators on performance.indicator_id = indicators.indicator_id
    inner join {{ ref('indicator_bases') }} as bases
        on performance.indicator_id = bases.indicator_id and performance.basis = bases.basis
    where performance.breakdown = ''
),

chosen as (
    select *,
        row_number() over (
            partition by indicator_id, period, period_kind order by has_target desc, basis_order asc
        ) as place
    from figures
),

final as (
    select indicator_id, title, role, basis, basis_title, period_kind, period, value, unit, target,
        rag as rating, better as direction, value_before, movement_short as movement, status
    from chosen
    where place = 1
)

select {{ as_declared(model) }}
from final
