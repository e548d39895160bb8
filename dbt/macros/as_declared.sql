{# The select list that the YAML beside a model promises: each column in its order, cast to its declared type.
   It reads dbt's own manifest, never the data. A unit test has no columns of its own: it takes what the
   formula gives. #}
{% macro as_declared(model) -%}
    {%- for column in model.columns.values() %}
    {%- set name = adapter.quote(column.name) if column.quote else column.name %}
    cast({{ name }} as {{ column.data_type }}) as {{ name }}{{ ',' if not loop.last }}
    {%- else %}
    *
    {%- endfor %}
{%- endmacro %}
