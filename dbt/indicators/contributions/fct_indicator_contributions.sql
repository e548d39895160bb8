-- grain: a row of a return in a basis of an indicator: what it adds to numerator and denominator
{{ config(materialized='view') }}

{%- set models = contribution_models() %}
{% for model, has in models.items() %}
select
    indicator_id, basis, period, sender,
    {{ words_or_blank(columns_of(models) + ['_series'], has) }},
    cast(numerator as decimal(24, 6)) as numerator,
    cast(denominator as decimal(24, 6)) as denominator,
    _return_id, _sheet, _row
from {{ same_file(model) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
