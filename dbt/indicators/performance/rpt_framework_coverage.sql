-- grain: a role and theme of the framework in a reported period: how much of it has a figure, a target, a gap (F06)
with cells as (
    {% for role in ['employer', 'service provider', 'commissioner', 'investor', 'civic leader'] -%}
    {%- set last_role = loop.last -%}
    {% for theme in ['social', 'economic', 'environmental'] -%}
    select '{{ role }}' as role, '{{ theme }}' as theme{{ ' union all' if not (last_role and loop.last) }}
    {% endfor -%}
    {% endfor %}
),

aimed as (
    select distinct targets.indicator_id, ends.period, ends.period_kind
    from {{ ref('targets') }} as targets
    inner join {{ ref('dim_period_ends') }} as ends on {{ valid_on('targets', 'ends.last_day') }}
    where {{ recorded_by_now('targets') }}
),

valued as (
    select distinct indicator_id, period, period_kind
    from {{ ref('fct_indicator_values') }}
    where value is not null
),

counted as (
    select
        cells.role, cells.theme, ends.period, ends.period_kind,
        count(indicators.indicator_id) as indicators,
        count(valued.indicator_id) as with_figure,
        count(aimed.indicator_id) as with_target
    from cells
    cross join {{ ref('dim_period_ends') }} as ends
    left join {{ ref('indicators') }} as indicators
        on cells.role = indicators.role and cells.theme = indicators.theme
        and {{ valid_within('indicators', 'ends.first_day', 'ends.last_day') }}
    left join valued
        on indicators.indicator_id = valued.indicator_id
        and ends.period = valued.period and ends.period_kind = valued.period_kind
    left join aimed
        on indicators.indicator_id = aimed.indicator_id
        and ends.period = aimed.period and ends.period_kind = aimed.period_kind
    group by cells.role, cells.theme, ends.period, ends.period_kind
),

promised as (
    select cells.role, cells.theme, ends.period, ends.period_kind, count(*) as commitments
    from cells
    inner join {{ ref('commitments') }} as commitments
        on cells.role = commitments.role and cells.theme = commitments.theme
        and {{ recorded_by_now('commitments') }}
    inner join {{ ref('dim_period_ends') }} as ends on {{ valid_on('commitments', 'ends.last_day') }}
    group by cells.role, cells.theme, ends.period, ends.period_kind
),

final as (
    select
        counted.role, counted.theme, counted.period, counted.period_kind,
        coalesce(promised.commitments, 0) as commitments,
        counted.indicators,
        counted.with_figure,
        counted.with_target,
        counted.indicators - counted.with_figure as gaps,
        counted.with_figure = 0 as is_hole
    from counted
    left join promised
        on counted.role = promised.role and counted.theme = promised.theme
        and counted.period = promised.period and counted.period_kind = promised.period_kind
)

select {{ as_declared(model) }}
from final
