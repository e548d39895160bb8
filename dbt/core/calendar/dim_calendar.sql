-- grain: a period that a return can be for
with spine as (
    {{ dbt.date_spine(
        'month',
        "cast('" ~ var('first_month') ~ "-01' as date)",
        "cast('" ~ var('end_month') ~ "-01' as date)"
    ) }}
),

numbered as (
    select
        cast(date_month as date) as first_day,
        extract(year from date_month)
        - case when extract(month from date_month) < 4 then 1 else 0 end as financial_year,
        mod(extract(month from date_month) + 8, 12) as months_in   -- April is 0
    from spine
),

months as (
    select
        {{ month_label('first_day') }} as month,
        first_day,
        cast({{ dbt.last_day('first_day', 'month') }} as date) as last_day,
        {{ financial_year_label('financial_year') }}
        || ' Q' || {{ as_text('floor(months_in / 3) + 1') }} as quarter,
        {{ financial_year_label('financial_year') }}
        || ' H' || {{ as_text('floor(months_in / 6) + 1') }} as half,
        {{ financial_year_label('financial_year') }} as financial_year
    from numbered
)

{% for column, kind in [
    ('month', 'month'), ('quarter', 'quarter'), ('half', 'half'), ('financial_year', 'year')
] -%}
select
    {{ column }} as period,
    '{{ kind }}' as period_kind,
    min(first_day) as first_day,
    max(last_day) as last_day,
    max(quarter) as quarter,
    max(half) as half,
    max(financial_year) as financial_year
from months
{% if kind == 'year' -%}
where financial_year not in (select month from months)   -- 2011-12 reads as December 2011
{% endif -%}
group by {{ column }}
{{ 'union all' if not loop.last }}
{% endfor %}
