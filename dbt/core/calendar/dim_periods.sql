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
)

select
    cast(holding.period as {{ dbt.type_string() }}) as period,
    cast(holding.period_kind as {{ dbt.type_string() }}) as period_kind,
    cast(inside.period as {{ dbt.type_string() }}) as inner_period,
    cast(inside.period_kind as {{ dbt.type_string() }}) as inner_kind,
    cast(holding.first_day as date) as first_day,
    cast(holding.last_day as date) as last_day,
    cast(inside.first_day as date) as inner_first_day,
    cast(inside.last_day as date) as inner_last_day
from holding
inner join {{ ref('dim_calendar') }} as inside
    on inside.first_day >= holding.first_day and inside.last_day <= holding.last_day
