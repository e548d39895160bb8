{# The select list that the YAML beside a model promises: each column in its order, cast to its declared type.
   It reads dbt's own manifest, never the data. A unit test has no columns of its own: it takes what the
   formula gives. #}
{% macro as_declared(model) -%}
    {%- for column in model.columns.values() %}
    {%- set name = adapter.quote(column.name) if column.quote else column.name %}
    cast({{ name }} as {{ social_value.kind(column.data_type) }}) as {{ name }}{{ ',' if not loop.last }}
    {%- else %}
    *
    {%- endfor %}
{%- endmacro %}

{# A declared type, as the engine calls it. #}
{% macro kind(data_type) -%}
    {{ return(adapter.dispatch('kind')(data_type)) }}
{%- endmacro %}

{% macro default__kind(data_type) -%}
    {{ return(data_type) }}
{%- endmacro %}

{% macro spark__kind(data_type) -%}
    {{ return('string' if data_type == 'varchar' else data_type) }}
{%- endmacro %}
