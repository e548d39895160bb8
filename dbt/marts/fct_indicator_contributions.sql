-- grain: a row of a return in a basis of an indicator: what it adds to numerator and denominator
{{ config(materialized='view') }}

-- Each indicator (or pair of one kind) has a model with these columns; a new one is a new name here.
{%- set indicators = ['fct_contributions_c01', 'fct_contributions_c02_c03', 'fct_contributions_c05'] %}
{% for contributions in indicators %}
select
    indicator_id, basis, month, sender, district, directorate,
    numerator, denominator, _return_id, _sheet, _row
from {{ same_file(contributions) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
