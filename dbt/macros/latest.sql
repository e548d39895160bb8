{# Of a group, what the row with the greatest `by` says. #}
{% macro latest(says, by) -%}
    {{ return(adapter.dispatch('latest')(says, by)) }}
{%- endmacro %}

{% macro default__latest(says, by) -%}
    max_by({{ says }}, {{ by }})
{%- endmacro %}

{% macro postgres__latest(says, by) -%}
    (array_agg({{ says }} order by {{ by }} desc))[1]
{%- endmacro %}
