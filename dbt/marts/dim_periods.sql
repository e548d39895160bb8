-- grain: a month in a period: the bridge from months to months, quarters, halves and financial years
with bridge as (
    {% for column, kind in [
        ('month', 'month'), ('quarter', 'quarter'), ('half', 'half'), ('financial_year', 'year')
    ] -%}
    select {{ column }} as period, '{{ kind }}' as period_kind, month, first_day, last_day
    from {{ ref('int_months') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    cast(period as {{ dbt.type_string() }}) as period,
    cast(period_kind as {{ dbt.type_string() }}) as period_kind,
    cast(month as {{ dbt.type_string() }}) as month,
    cast(min(first_day) over (partition by period, period_kind) as date) as first_day,
    cast(max(last_day) over (partition by period, period_kind) as date) as last_day,
    cast(last_day as date) as month_last_day
from bridge
