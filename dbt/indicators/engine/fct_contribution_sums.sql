-- grain: what rows of one model, period and series add up to in a basis of an indicator, by all breakdown columns at once

{#- The models themselves and not their union, which is there to be traced: what traces say is six decimals. -#}
{%- set columns = breakdown_columns() + ['_series'] %}
{%- set of_people = people_contribution_models() %}
{% for model, has in (contribution_models().items() | list) + (of_people.items() | list) -%}
{%- set digits = 'decimal(30, 12)' if model in of_people else 'decimal(24, 6)' %}
select
    indicator_id, basis, period,
    {{ words_or_blank(columns, has) }},
    -- a share of a person has twelve decimals
    cast(sum(cast(numerator as {{ digits }})) as decimal(30, 12)) as numerator,
    cast(sum(cast(denominator as {{ digits }})) as decimal(30, 12)) as denominator,
    count(case when numerator <> 0 then 1 end) as n_numerator,
    count(case when denominator <> 0 then 1 end) as n_denominator
from {{ ref(model) }}
group by indicator_id, basis, period
    {%- for column in has if column in columns %}, {{ column }}{% endfor %}
{{ 'union all' if not loop.last }}
{% endfor %}
