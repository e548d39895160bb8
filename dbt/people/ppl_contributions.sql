-- grain: a row about a person in a basis of an indicator: what it adds to numerator and denominator
{%- set models = people_contribution_models() %}
{% for model, has in models.items() %}
select
    indicator_id, basis, period, sender,
    {{ words_or_blank(columns_of(models) + ['_series', '_person', '_preference'], has) }},
    {{ '_amount' if '_amount' in has else 'cast(null as decimal(18, 2)) as _amount' }},
    numerator, denominator, _return_id, _sheet, _row
from {{ ref(model) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
