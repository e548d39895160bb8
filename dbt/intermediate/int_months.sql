-- grain: a month that periods are known for
{{ config(materialized='table') }}

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
)

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
