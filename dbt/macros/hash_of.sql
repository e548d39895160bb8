{# Of rows with the same values in these columns the same, and of others hardly ever: to find candidates by. #}
{% macro hash_of(columns, relation) -%}
    {%- set named = [] -%}
    {%- for column in columns -%}{%- do named.append(relation ~ '.' ~ column) -%}{%- endfor -%}
    {{ return(adapter.dispatch('hash_of')(named)) }}
{%- endmacro %}

{% macro default__hash_of(columns) -%}
    md5(concat_ws('|'{% for column in columns %}, cast({{ column }} as {{ dbt.type_string() }}){% endfor %}))
{%- endmacro %}

{% macro duckdb__hash_of(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}
