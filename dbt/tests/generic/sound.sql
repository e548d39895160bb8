{# One pass over a relation (a test costs more than the rows do): the `key` columns together name one
   row and none of them is null; each condition of `always` is true of every row. #}
{% test sound(model, key=[], always=[]) %}
{% if key %}
select 'not one row a key' as what, count(*) as rows_found
from {{ model }}
group by {{ key | join(', ') }}
having count(*) > 1
    {%- for column in key %} or {{ column }} is null{% endfor %}
{% endif %}
{%- for condition in always %}
{{ 'union all' if key or not loop.first }}
select '{{ condition | replace("'", "''") }}' as what, count(*) as rows_found
from {{ model }}
where not coalesce({{ condition }}, false)
having count(*) > 0
{%- endfor %}
{% endtest %}
