{# What an engine is told of a table that has just been made; a view has nothing to be counted. DuckDB counts
   as it writes. #}
{% macro analysed(relation) -%}
    {{ return(adapter.dispatch('analysed')(relation)) }}
{%- endmacro %}

{% macro default__analysed(relation) -%}
{%- endmacro %}

{# PostgreSQL would take each table for a small one, and join rows by rows, until it has counted them. #}
{% macro postgres__analysed(relation) -%}
    {%- if model.config.materialized == 'table' -%} analyze {{ relation }} {%- endif -%}
{%- endmacro %}
