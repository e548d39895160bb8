-- grain: what rows of one period and series add up to in a basis of an indicator, by all breakdown columns at once
{{ config(materialized='table') }}

{%- set columns = var('breakdown_columns') + ['_series'] %}
{%- set unions = [
    ('fct_indicator_contributions', columns_of(contribution_models()) + ['_series']),
    ('ppl_contributions', columns_of(people_contribution_models()) + ['_series']),
] %}
{% for model, has in unions -%}
select
    indicator_id, basis, period,
    {{ words_or_blank(columns, has) }},
    -- a share of a person has twelve decimals
    cast(sum(numerator) as decimal(30, 12)) as numerator,
    cast(sum(denominator) as decimal(30, 12)) as denominator,
    count(case when numerator <> 0 then 1 end) as n_numerator,
    count(case when denominator <> 0 then 1 end) as n_denominator
from {{ ref(model) }}
group by indicator_id, basis, period, {{ has | join(', ') }}
{{ 'union all' if not loop.last }}
{% endfor %}
