{# What is wrong with a relation: keys that are not one row's or are null in part, and conditions that some rows
   do not meet, with how many rows. A test costs more than the rows do, so there is one of a relation. #}
{% macro unsound(relation, key, always) -%}
    {{ return(adapter.dispatch('unsound')(relation, key, always)) }}
{%- endmacro %}

{% macro default__unsound(relation, key, always) %}
{% if key %}
select 'not one row a key' as what, count(*) as rows_found
from {{ relation }}
group by {{ key | join(', ') }}
having count(*) > 1 or max(case when {{ social_value.any_is_null(key) }} then 1 else 0 end) = 1
{% endif %}
{% if always %}
{{ 'union all' if key }}
select what, rows_found
from (
    {%- for condition in always %}
    select '{{ condition | replace("'", "''") }}' as what, count(*) as rows_found
    from {{ relation }}
    where not coalesce({{ condition }}, false)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as counted
where rows_found > 0
{% endif %}
{% endmacro %}

{# The rows are looked at once for each half: keys are told apart by their hash, a fraction of their words'
   memory, and only where two are alike by the words. #}
{% macro duckdb__unsound(relation, key, always) %}
{%- set hashed %}hash({{ key | join(', ') }}){% endset %}
{% if key %}
select 'not one row a key' as what, count(*) as rows_found
from {{ relation }}
where {{ hashed }} in (
    select {{ hashed }} from {{ relation }}
    group by {{ hashed }}
    having count(*) > 1 or bool_or({{ social_value.any_is_null(key) }})
)
group by {{ key | join(', ') }}
having count(*) > 1 or bool_or({{ social_value.any_is_null(key) }})
{% endif %}
{% if always %}
{{ 'union all' if key }}
select what, rows_found
from (
    select
        unnest([{% for condition in always %}'{{ condition | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}]) as what,
        unnest([{% for condition in always %}count(*) filter (where not coalesce({{ condition }}, false)){{ ', ' if not loop.last }}{% endfor %}]) as rows_found
    from {{ relation }}
) as counted
where rows_found > 0
{% endif %}
{% endmacro %}

{% macro any_is_null(columns) -%}
    {% for column in columns %}{{ 'or ' if not loop.first }}{{ column }} is null {% endfor %}
{%- endmacro %}
