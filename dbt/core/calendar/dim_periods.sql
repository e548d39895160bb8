-- grain: a period in a period that holds it: the bridge from what rows are for to months, quarters, halves, years
with holding as (
    {% for column, kind in [
        ('month', 'month'), ('quarter', 'quarter'), ('half', 'half'), ('financial_year', 'year')
    ] -%}
    select {{ column }} as period, '{{ kind }}' as period_kind,
        min(first_day) as first_day, max(last_day) as last_day
    from {{ ref('dim_months') }}
    group by {{ column }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        holding.period,
        holding.period_kind,
        inside.period as inner_period,
        inside.period_kind as inner_kind,
        holding.first_day,
        holding.last_day,
        inside.first_day as inner_first_day,
        inside.last_day as inner_last_day
    from holding
    inner join {{ ref('dim_calendar') }} as inside
        on inside.first_day >= holding.first_day and inside.last_day <= holding.last_day
)

select {{ as_declared(model) }}
from final
