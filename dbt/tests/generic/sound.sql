{# The `key` columns together name one row and none of them is null; each condition of `always` is true of
   every row. A test costs more than the rows do, so there is one of a relation, and it looks at the rows
   once for each half: keys are told apart by their hash, a fraction of their words' memory, and only where
   two are alike by the words. #}
{% test sound(model, key=[], always=[]) %}
{%- set hashed %}hash({{ key | join(', ') }}){% endset %}
{%- set is_null %}{% for column in key %}{{ 'or ' if not loop.first }}{{ column }} is null {% endfor %}{% endset %}
{% if key %}
select 'not one row a key' as what, count(*) as rows_found
from {{ model }}
where {{ hashed }} in (
    select {{ hashed }} from {{ model }}
    group by {{ hashed }}
    having count(*) > 1 or bool_or({{ is_null }})
)
group by {{ key | join(', ') }}
having count(*) > 1 or bool_or({{ is_null }})
{% endif %}
{% if always %}
{{ 'union all' if key }}
select what, rows_found
from (
    select
        unnest([{% for condition in always %}'{{ condition | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}]) as what,
        unnest([{% for condition in always %}count(*) filter (where not coalesce({{ condition }}, false)){{ ', ' if not loop.last }}{% endfor %}]) as rows_found
    from {{ model }}
) as counted
where rows_found > 0
{% endif %}
{% endtest %}
