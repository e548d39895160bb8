-- grain: a period that a return can be for
{{ config(materialized='table') }}

{% for column, kind in [
    ('month', 'month'), ('quarter', 'quarter'), ('half', 'half'), ('financial_year', 'year')
] -%}
select
    {{ column }} as period,
    '{{ kind }}' as period_kind,
    min(first_day) as first_day,
    max(last_day) as last_day,
    max(quarter) as quarter,
    max(financial_year) as financial_year
from {{ ref('int_months') }}
{% if kind == 'year' -%}
where financial_year not in (select month from {{ ref('int_months') }})   -- 2011-12 reads as December 2011
{% endif -%}
group by {{ column }}
{{ 'union all' if not loop.last }}
{% endfor %}
