-- grain: a row of a return in a basis of an indicator: what it adds to numerator and denominator
{{ config(materialized='view') }}

-- Each indicator has a model of its own with these columns; a new one is a new line here.
{%- set indicators = ['fct_contributions_c01'] %}
{% for contributions in indicators %}
select
    indicator_id, basis, month, sender, district, directorate,
    numerator, denominator, _return_id, _sheet, _row
from {{ same_file(contributions) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
